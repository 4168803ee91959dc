<#-- The first line is the subject. -->
반품이 완료되었습니다 (${orderNumber})

<#if customerName?has_content>${customerName} 님, </#if>아래 상품의 반품을 처리해 드렸습니다.

주문번호: ${orderNumber}
주문일: ${date}
반품일: ${reversalDate}

<#list items as item>
- ${item.quantity} × ${item.name}<#if item.sku?has_content> (${item.sku})</#if>: ${item.refund}
</#list>

<#if charges??>
배송비 및 기타 요금: ${charges}
</#if>
<#if adjustment??>
조정 금액: ${adjustment}
</#if>
<#if refund??>
총 환불 금액: ${refund}

환불 금액(${refund})은 결제하신 수단으로 환불 처리 중입니다.
<#else>
환불할 금액이 없습니다.
</#if>
<#if remaining??>

반품하지 않은 상품의 결제 금액은 ${remaining}입니다.
</#if>
<#if points??>

이 주문으로 적립된 ${points}포인트가 회수됩니다.
</#if>
<#if couponCode??>

쿠폰(${couponCode})을 다시 사용하실 수 있습니다.
</#if>
<#if newCouponCode??>

새로 발급된 쿠폰: ${newCouponCode}
</#if>

이 메일은 반품 안내를 위해 자동으로 발송되었습니다.
