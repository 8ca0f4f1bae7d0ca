<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>
<xsl:template match="/"><xsl:comment> a </xsl:comment><xsl:comment> b </xsl:comment><xsl:comment> c </xsl:comment><xsl:comment> d </xsl:comment><xsl:comment> e </xsl:comment><xsl:apply-templates select="node()"/></xsl:template>
</xsl:stylesheet>
