package orderflow.overview;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import orderflow.order.Item;
import orderflow.order.OrderSummary;

/** An order with its items and what followed from it. */
public record OrderView(@JsonUnwrapped OrderSummary order, List<Item> items, Effects effects) {}
