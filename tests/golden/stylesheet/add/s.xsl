<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:template match="devices">
    <xsl:copy><rng model="virtio"><backend model="random">/dev/urandom</backend></rng><xsl:apply-templates select="@*|node()"/><xsl:copy-of select="interface[1]"/></xsl:copy>
  </xsl:template>
  <xsl:template match="console">
    <xsl:copy><target type="serial"/><xsl:comment> new </xsl:comment></xsl:copy>
  </xsl:template>
  <xsl:template match="@*|node()">
    <xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy>
  </xsl:template>
</xsl:stylesheet>
