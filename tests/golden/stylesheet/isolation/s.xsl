<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>
  <xsl:template match="vlan|@portgroup|interface[mac/@address='52:54:00:00:00:04']"/>
  <xsl:template match="source/@mode"><xsl:attribute name="mode">bridge</xsl:attribute></xsl:template>
  <xsl:template match="title/text()">two</xsl:template>
</xsl:stylesheet>
