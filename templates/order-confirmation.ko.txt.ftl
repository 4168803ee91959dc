<#-- The first line is the subject. -->
주문이 완료되었습니다 (${orderNumber})

<#if customerName?has_content>${customerName} 님, </#if>주문해 주셔서 감사합니다.
주문이 완료되었습니다.

주문번호: ${orderNumber}
<#if date??>
주문일: ${date}
</#if>
<#if customerPhone??>
연락처: ${customerPhone}
</#if>

<#list items as item>
- ${item.name}<#if item.sku?has_content> (${item.sku})</#if>: ${item.quantity} × ${item.unitPrice} = ${item.price}
</#list>

상품 금액: ${subtotal}
<#if couponDiscount??>
할인<#if couponCode??> (쿠폰 ${couponCode})</#if>: −${couponDiscount}
</#if>
<#list discounts as each>
${each.label}: −${each.amount}
</#list>
<#list charges as each>
${each.label}: ${each.amount}
</#list>
결제 금액: ${total}
<#if points??>

이 주문으로 ${points}포인트가 적립됩니다.
</#if>

이 메일은 주문 확인을 위해 자동으로 발송되었습니다.
