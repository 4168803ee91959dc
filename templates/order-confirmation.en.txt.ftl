<#-- The first line is the subject. -->
Your order is confirmed (${orderId})

Thank you for your order<#if customerName?has_content>, ${customerName}</#if>.
Your order is confirmed.

Order: ${orderId}
<#if date??>
Date: ${date}
</#if>
<#if customerPhone??>
Phone: ${customerPhone}
</#if>

<#list items as item>
- ${item.name} (${item.sku}): ${item.quantity} × ${item.unitPrice} = ${item.price}
</#list>

Subtotal: ${subtotal}
<#if discount??>
Discount<#if couponCode??> (coupon ${couponCode})</#if>: −${discount}
</#if>
Total: ${total}
<#if points??>

You will earn ${points} points with this order.
</#if>

This mail was sent automatically to confirm your order.
