<#-- The first line is the subject. -->
Ihre Rückgabe ist bestätigt (${orderNumber})

Wir haben zurückgenommen, was hier aufgeführt ist<#if customerName?has_content>, ${customerName}</#if>.

Bestellnummer: ${orderNumber}
Bestelldatum: ${date}
Zurückgenommen am: ${reversalDate}

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
<#if remaining??>

Für das, was Sie von dieser Bestellung behalten, haben Sie ${remaining} bezahlt.
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

Diese E-Mail wurde automatisch versandt, um Ihre Rückgabe zu bestätigen.
