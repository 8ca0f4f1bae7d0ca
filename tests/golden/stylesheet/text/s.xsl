<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:template match="name/text()">web2 &lt;&amp;&gt;</xsl:template>
  <xsl:template match="*[local-name() = 'i']/text()">2</xsl:template>
  <xsl:template match="console">line 1
  	line 2</xsl:template>
  <xsl:template match="@*|node()">
    <xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy>
  </xsl:template>
</xsl:stylesheet>
