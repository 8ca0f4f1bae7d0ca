<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:template match="devices">
    <xsl:copy><xsl:apply-templates select="interface"><xsl:sort select="@type"/></xsl:apply-templates><xsl:apply-templates select="node()[not(self::interface)]"/></xsl:copy>
  </xsl:template>
  <xsl:template match="@*|node()">
    <xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy>
  </xsl:template>
</xsl:stylesheet>
