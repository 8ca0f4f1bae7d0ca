<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->
<!--
  From our words to libvirt's element: one wanted interface in, one <interface> out.

  The source is <interface> with a child for each part of a dotted key: driver.host.csum = on is
  <driver><host><csum>on</csum></host></driver>; a list is several children of one name. One template a key,
  in the order in which libvirt writes the elements. Each begins a line with two spaces and match: the
  program compiles only those that a request uses.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" omit-xml-declaration="yes"/>
  <xsl:strip-space elements="*"/>

  <!-- A key without a template is our mistake; it must not pass as text. -->
  <xsl:template priority="-1" match="*">
    <xsl:message terminate="yes">no template for '<xsl:value-of select="name()"/>'</xsl:message>
  </xsl:template>

  <xsl:template match="interface">
    <interface><xsl:apply-templates/></interface>
  </xsl:template>

  <xsl:template match="type">
    <xsl:attribute name="type">
      <xsl:choose>
        <xsl:when test=". = 'macvtap'">direct</xsl:when>
        <xsl:when test=". = 'ovs'">bridge</xsl:when>
        <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
      </xsl:choose>
    </xsl:attribute>
  </xsl:template>

  <xsl:template match="trustGuestRxFilters">
    <xsl:attribute name="trustGuestRxFilters"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="mac">
    <mac><xsl:apply-templates/></mac>
  </xsl:template>
  <xsl:template match="mac/address">
    <xsl:attribute name="address"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="source">
    <source><xsl:apply-templates/></source>
  </xsl:template>
  <xsl:template match="source/name">
    <xsl:choose>
      <xsl:when test="/interface/type = 'macvtap'"><xsl:attribute name="dev"><xsl:value-of select="."/></xsl:attribute></xsl:when>
      <xsl:when test="/interface/type = 'network'"><xsl:attribute name="network"><xsl:value-of select="."/></xsl:attribute></xsl:when>
      <xsl:otherwise><xsl:attribute name="bridge"><xsl:value-of select="."/></xsl:attribute></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
  <xsl:template match="source/mode">
    <xsl:attribute name="mode"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="source/portgroup">
    <xsl:attribute name="portgroup"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="vlan">
    <vlan>
      <xsl:if test="not(trunk) and count(tag) &gt; 1"><xsl:attribute name="trunk">yes</xsl:attribute></xsl:if>
      <xsl:apply-templates select="trunk"/>
      <xsl:apply-templates select="tag"><xsl:with-param name="native" select="native"/></xsl:apply-templates>
    </vlan>
  </xsl:template>
  <xsl:template match="vlan/trunk">
    <xsl:attribute name="trunk"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="vlan/native">
    <xsl:attribute name="nativeMode"><xsl:value-of select="substring-before(., ':')"/></xsl:attribute>
  </xsl:template>
  <xsl:template match="vlan/tag">
    <xsl:param name="native"/>
    <tag id="{.}"><xsl:apply-templates select="$native[substring-after(., ':') = current()]"/></tag>
  </xsl:template>

  <xsl:template match="virtualport">
    <virtualport><xsl:apply-templates/></virtualport>
  </xsl:template>
  <xsl:template match="virtualport/type">
    <xsl:attribute name="type"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="virtualport/parameters">
    <parameters><xsl:apply-templates/></parameters>
  </xsl:template>
  <xsl:template match="virtualport/parameters/managerid">
    <xsl:attribute name="managerid"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="virtualport/parameters/typeid">
    <xsl:attribute name="typeid"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="virtualport/parameters/typeidversion">
    <xsl:attribute name="typeidversion"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="virtualport/parameters/instanceid">
    <xsl:attribute name="instanceid"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="virtualport/parameters/profileid">
    <xsl:attribute name="profileid"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="virtualport/parameters/interfaceid">
    <xsl:attribute name="interfaceid"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="bandwidth">
    <bandwidth><xsl:apply-templates/></bandwidth>
  </xsl:template>
  <xsl:template match="bandwidth/inbound">
    <inbound><xsl:apply-templates/></inbound>
  </xsl:template>
  <xsl:template match="bandwidth/inbound/average">
    <xsl:attribute name="average"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="bandwidth/inbound/peak">
    <xsl:attribute name="peak"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="bandwidth/inbound/floor">
    <xsl:attribute name="floor"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="bandwidth/inbound/burst">
    <xsl:attribute name="burst"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="bandwidth/outbound">
    <outbound><xsl:apply-templates/></outbound>
  </xsl:template>
  <xsl:template match="bandwidth/outbound/average">
    <xsl:attribute name="average"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="bandwidth/outbound/peak">
    <xsl:attribute name="peak"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="bandwidth/outbound/burst">
    <xsl:attribute name="burst"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="port">
    <port><xsl:apply-templates/></port>
  </xsl:template>
  <xsl:template match="port/isolated">
    <xsl:attribute name="isolated"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="target">
    <target><xsl:apply-templates/></target>
  </xsl:template>
  <xsl:template match="target/dev">
    <xsl:attribute name="dev"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="model">
    <model><xsl:apply-templates/></model>
  </xsl:template>
  <xsl:template match="model/type">
    <xsl:attribute name="type"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="driver">
    <driver><xsl:apply-templates/></driver>
  </xsl:template>
  <xsl:template match="driver/name">
    <xsl:attribute name="name"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/txmode">
    <xsl:attribute name="txmode"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/ioeventfd">
    <xsl:attribute name="ioeventfd"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/event_idx">
    <xsl:attribute name="event_idx"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/queues">
    <xsl:attribute name="queues"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/rx_queue_size">
    <xsl:attribute name="rx_queue_size"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/tx_queue_size">
    <xsl:attribute name="tx_queue_size"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/rss">
    <xsl:attribute name="rss"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/rss_hash_report">
    <xsl:attribute name="rss_hash_report"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/iommu">
    <xsl:attribute name="iommu"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/ats">
    <xsl:attribute name="ats"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/packed">
    <xsl:attribute name="packed"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/page_per_vq">
    <xsl:attribute name="page_per_vq"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/host">
    <host><xsl:apply-templates/></host>
  </xsl:template>
  <xsl:template match="driver/host/csum">
    <xsl:attribute name="csum"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/host/gso">
    <xsl:attribute name="gso"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/host/tso4">
    <xsl:attribute name="tso4"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/host/tso6">
    <xsl:attribute name="tso6"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/host/ecn">
    <xsl:attribute name="ecn"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/host/ufo">
    <xsl:attribute name="ufo"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/host/mrg_rxbuf">
    <xsl:attribute name="mrg_rxbuf"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/guest">
    <guest><xsl:apply-templates/></guest>
  </xsl:template>
  <xsl:template match="driver/guest/csum">
    <xsl:attribute name="csum"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/guest/tso4">
    <xsl:attribute name="tso4"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/guest/tso6">
    <xsl:attribute name="tso6"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/guest/ecn">
    <xsl:attribute name="ecn"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="driver/guest/ufo">
    <xsl:attribute name="ufo"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="backend">
    <backend><xsl:apply-templates/></backend>
  </xsl:template>
  <xsl:template match="backend/tap">
    <xsl:attribute name="tap"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="backend/vhost">
    <xsl:attribute name="vhost"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="filterref">
    <filterref><xsl:apply-templates/></filterref>
  </xsl:template>
  <xsl:template match="filterref/filter">
    <xsl:attribute name="filter"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="filterref/parameter">
    <parameter name="{@name}" value="{.}"/>
  </xsl:template>

  <xsl:template match="tune">
    <tune><xsl:apply-templates/></tune>
  </xsl:template>
  <xsl:template match="tune/sndbuf">
    <sndbuf><xsl:value-of select="."/></sndbuf>
  </xsl:template>

  <xsl:template match="teaming">
    <teaming><xsl:apply-templates/></teaming>
  </xsl:template>
  <xsl:template match="teaming/type">
    <xsl:attribute name="type"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="teaming/persistent">
    <xsl:attribute name="persistent"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="link">
    <link><xsl:apply-templates/></link>
  </xsl:template>
  <xsl:template match="link/state">
    <xsl:attribute name="state"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="mtu">
    <mtu><xsl:apply-templates/></mtu>
  </xsl:template>
  <xsl:template match="mtu/size">
    <xsl:attribute name="size"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="coalesce">
    <coalesce><xsl:apply-templates/></coalesce>
  </xsl:template>
  <xsl:template match="coalesce/rx">
    <rx><xsl:apply-templates/></rx>
  </xsl:template>
  <xsl:template match="coalesce/rx/frames">
    <frames><xsl:apply-templates/></frames>
  </xsl:template>
  <xsl:template match="coalesce/rx/frames/max">
    <xsl:attribute name="max"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="boot">
    <boot><xsl:apply-templates/></boot>
  </xsl:template>
  <xsl:template match="boot/order">
    <xsl:attribute name="order"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="alias">
    <alias><xsl:apply-templates/></alias>
  </xsl:template>
  <xsl:template match="alias/name">
    <xsl:attribute name="name"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="rom">
    <rom><xsl:apply-templates/></rom>
  </xsl:template>
  <xsl:template match="rom/bar">
    <xsl:attribute name="bar"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="rom/file">
    <xsl:attribute name="file"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="acpi">
    <acpi><xsl:apply-templates/></acpi>
  </xsl:template>
  <xsl:template match="acpi/index">
    <xsl:attribute name="index"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>

  <xsl:template match="address">
    <address><xsl:apply-templates/></address>
  </xsl:template>
  <xsl:template match="address/type">
    <xsl:attribute name="type"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="address/domain">
    <xsl:attribute name="domain"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="address/bus">
    <xsl:attribute name="bus"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="address/slot">
    <xsl:attribute name="slot"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="address/function">
    <xsl:attribute name="function"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="address/multifunction">
    <xsl:attribute name="multifunction"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="address/cssid">
    <xsl:attribute name="cssid"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="address/ssid">
    <xsl:attribute name="ssid"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="address/devno">
    <xsl:attribute name="devno"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="address/zpci">
    <zpci><xsl:apply-templates/></zpci>
  </xsl:template>
  <xsl:template match="address/zpci/uid">
    <xsl:attribute name="uid"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
  <xsl:template match="address/zpci/fid">
    <xsl:attribute name="fid"><xsl:value-of select="."/></xsl:attribute>
  </xsl:template>
</xsl:stylesheet>
