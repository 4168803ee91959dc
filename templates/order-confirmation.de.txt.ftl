<#-- The first line is the subject. -->
Bestellbestätigung (${orderNumber})

Vielen Dank für Ihre Bestellung<#if customerName?has_content>, ${customerName}</#if>.
Ihre Bestellung ist bestätigt.

Bestellnummer: ${orderNumber}
<#if date??>
Bestelldatum: ${date}
</#if>
<#if customerPhone??>
Telefon: ${customerPhone}
</#if>

<#list items as item>
- ${item.name}<#if item.sku?has_content> (${item.sku})</#if>: ${item.quantity} × ${item.unitPrice} = ${item.price}
</#list>

Zwischensumme: ${subtotal}
<#if couponDiscount??>
Rabatt<#if couponCode??> (Gutschein ${couponCode})</#if>: −${couponDiscount}
</#if>
<#list discounts as each>
${each.label}: −${each.amount}
</#list>
<#list charges as each>
${each.label}: ${each.amount}
</#list>
Gesamtbetrag: ${total}
<#if points??>

Mit dieser Bestellung sammeln Sie <#if points == "1">einen Punkt<#else>${points} Punkte</#if>.
</#if>

Diese E-Mail wurde automatisch versandt, um Ihre Bestellung zu bestätigen.
