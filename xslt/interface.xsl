<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->
<!--
  From what was asked for to libvirt's element: one wanted interface in, one <interface> out.

  The source has each value where its key's path says (src/spec/keys.cpp): driver.host.csum = on is
  <driver><host csum="on"/></driver>. So most of it passes as it is. What libvirt writes otherwise than we
  state it has a template of its own. The program puts the elements into libvirt's order.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" omit-xml-declaration="yes"/>

  <xsl:template match="*">
    <xsl:copy><xsl:copy-of select="@*"/><xsl:apply-templates/></xsl:copy>
  </xsl:template>

  <!-- A PCI address, 0000:3b:10.2, is an element of its parts; address:port is two attributes. -->
  <xsl:template match="source[@pci]">
    <xsl:variable name="rest" select="substring-after(@pci, ':')"/>
    <xsl:variable name="device" select="substring-after($rest, ':')"/>
    <source>
      <address type="pci" domain="0x{substring-before(@pci, ':')}" bus="0x{substring-before($rest, ':')}"
               slot="0x{substring-before($device, '.')}" function="0x{substring-after($device, '.')}"/>
    </source>
  </xsl:template>
  <xsl:template match="source[@endpoint]">
    <xsl:variable name="port" select="substring-after(@endpoint, ':')"/>
    <source>
      <xsl:if test="substring-before(@endpoint, ':')">
        <xsl:attribute name="address"><xsl:value-of select="substring-before(@endpoint, ':')"/></xsl:attribute>
      </xsl:if>
      <xsl:attribute name="port"><xsl:value-of select="$port"/></xsl:attribute>
    </source>
  </xsl:template>

  <!-- Several tags are a trunk, whether or not that is stated, and so is one with a native VLAN: without trunk Open
       vSwitch would open its port to every VLAN. The native VLAN is a mark on its tag. -->
  <xsl:template match="vlan">
    <vlan>
      <xsl:copy-of select="@trunk"/>
      <xsl:if test="count(tag) &gt; 1 or @native"><xsl:attribute name="trunk">yes</xsl:attribute></xsl:if>
      <xsl:apply-templates/>
    </vlan>
  </xsl:template>
  <xsl:template match="tag">
    <tag id="{@id}">
      <xsl:if test="@id = substring-after(../@native, ':')">
        <xsl:attribute name="nativeMode"><xsl:value-of select="substring-before(../@native, ':')"/></xsl:attribute>
      </xsl:if>
    </tag>
  </xsl:template>
</xsl:stylesheet>
