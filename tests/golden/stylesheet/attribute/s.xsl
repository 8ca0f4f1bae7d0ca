<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:param name="model" select="'virtio'"/>
  <xsl:template match="model/@type"><xsl:attribute name="type"><xsl:value-of select="$model"/></xsl:attribute></xsl:template>
  <xsl:template match="console"><console type="pty"><xsl:apply-templates select="@*|node()"/></console></xsl:template>
  <xsl:template match="domain/@id"/>
  <xsl:template match="@*|node()">
    <xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy>
  </xsl:template>
</xsl:stylesheet>
