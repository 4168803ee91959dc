<#-- The first line is the subject. -->
Your order is confirmed (${orderNumber})

Thank you for your order<#if customerName?has_content>, ${customerName}</#if>.
Your order is confirmed.

Order: ${orderNumber}
<#if date??>
Date: ${date}
</#if>
<#if customerPhone??>
Phone: ${customerPhone}
</#if>

<#list items as item>
- ${item.name}<#if item.sku?has_content> (${item.sku})</#if>: ${item.quantity} × ${item.unitPrice} = ${item.price}
</#list>

Subtotal: ${subtotal}
<#if couponDiscount??>
Discount<#if couponCode??> (coupon ${couponCode})</#if>: −${couponDiscount}
</#if>
<#list discounts as each>
${each.label}: −${each.amount}
</#list>
<#list charges as each>
${each.label}: ${each.amount}
</#list>
Total: ${total}
<#if points??>

You will earn ${points} points with this order.
</#if>

This mail was sent automatically to confirm your order.
