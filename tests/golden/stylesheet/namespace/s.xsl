<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <xsl:template match="domain">
    <xsl:copy><xsl:apply-templates select="@*|node()"/><qemu:commandline><qemu:arg value="-S"/></qemu:commandline></xsl:copy>
  </xsl:template>
  <xsl:template match="name"><xsl:copy-of select="."/><title xmlns="urn:t"><sub/></title></xsl:template>
  <xsl:template match="@*|node()">
    <xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy>
  </xsl:template>
</xsl:stylesheet>
