<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>
  <xsl:template match="name"><name a="&#10;b&#9;c&#13;d&quot;e'f&lt;g&gt;h&amp;">i&#13;j&lt;k&gt;l&amp;</name></xsl:template>
</xsl:stylesheet>
