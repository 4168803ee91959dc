<#-- The first line is the subject. -->
Your return is confirmed (${orderNumber})

We have taken back what is listed here<#if customerName?has_content>, ${customerName}</#if>.

Order: ${orderNumber}
Date: ${date}
Returned: ${reversalDate}

<#list items as item>
- ${item.quantity} × ${item.name}<#if item.sku?has_content> (${item.sku})</#if>: ${item.refund}
</#list>

<#if charges??>
Shipping and other charges: ${charges}
</#if>
<#if adjustment??>
Adjustment: ${adjustment}
</#if>
<#if refund??>
Refund: ${refund}

Your refund of ${refund} is on its way through the payment you used.
<#else>
There is nothing to refund.
</#if>
<#if remaining??>

You have paid ${remaining} for what you keep of this order.
</#if>
<#if points??>

<#if points == "1">1 point<#else>${points} points</#if> that you earned with this order <#if points == "1">is<#else>are</#if> taken back.
</#if>
<#if couponCode??>

You can use the coupon ${couponCode} again.
</#if>
<#if newCouponCode??>

In place of your coupon you get a new one: ${newCouponCode}
</#if>

This mail was sent automatically to confirm your return.
