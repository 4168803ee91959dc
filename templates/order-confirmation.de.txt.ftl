<#-- The first line is the subject. -->
Bestellbestätigung (${orderId})

Vielen Dank für Ihre Bestellung<#if customerName?has_content>, ${customerName}</#if>.
Ihre Bestellung ist bestätigt.

Bestellnummer: ${orderId}
<#if date??>
Bestelldatum: ${date}
</#if>
<#if customerPhone??>
Telefon: ${customerPhone}
</#if>

<#list items as item>
- ${item.name} (${item.sku}): ${item.quantity} × ${item.unitPrice} = ${item.price}
</#list>

Zwischensumme: ${subtotal}
<#if discount??>
Rabatt<#if couponCode??> (Gutschein ${couponCode})</#if>: −${discount}
</#if>
Gesamtbetrag: ${total}
<#if points??>

Mit dieser Bestellung sammeln Sie <#if points == "1">einen Punkt<#else>${points} Punkte</#if>.
</#if>

Diese E-Mail wurde automatisch versandt, um Ihre Bestellung zu bestätigen.
