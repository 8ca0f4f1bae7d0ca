<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>
<xsl:template match="interface"><xsl:message>
    seen <xsl:value-of select="source/@bridge"/>
é, a second line</xsl:message><xsl:copy-of select="."/></xsl:template>
</xsl:stylesheet>
