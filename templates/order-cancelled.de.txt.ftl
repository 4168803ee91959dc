<#-- The first line is the subject. -->
Ihre Bestellung wurde storniert (${orderNumber})

Wir haben Ihre Bestellung storniert<#if customerName?has_content>, ${customerName}</#if>.

Bestellnummer: ${orderNumber}
Bestelldatum: ${date}
Storniert am: ${reversalDate}

<#list items as item>
- ${item.quantity} × ${item.name}<#if item.sku?has_content> (${item.sku})</#if>: ${item.refund}
</#list>

<#if charges??>
Versand und weitere Kosten: ${charges}
</#if>
<#if adjustment??>
Anpassung: ${adjustment}
</#if>
<#if refund??>
Erstattungsbetrag: ${refund}

Die Erstattung von ${refund} ist unterwegs, über die Zahlungsart Ihrer Bestellung.
<#else>
Es ist nichts zu erstatten.
</#if>
<#if points??>

<#if points == "1">Ein Punkt, den<#else>${points} Punkte, die</#if> Sie mit dieser Bestellung gesammelt haben, <#if points == "1">wird<#else>werden</#if> zurückgebucht.
</#if>
<#if couponCode??>

Den Gutschein ${couponCode} können Sie wieder einlösen.
</#if>
<#if newCouponCode??>

Anstelle Ihres Gutscheins erhalten Sie einen neuen: ${newCouponCode}
</#if>

Diese E-Mail wurde automatisch versandt, weil Ihre Bestellung storniert wurde.
