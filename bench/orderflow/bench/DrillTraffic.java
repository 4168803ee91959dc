package orderflow.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import orderflow.order.Item;
import orderflow.order.NewOrder;

/**
 * A constant load over HTTP, some of it cancelled or given back at once, and files of orders;
 * remembers what was acknowledged.
 */
final class DrillTraffic implements AutoCloseable {

  private static final int SHOPS = 20;
  private static final long PAUSE_MS = 400; // of each shop: 50 orders a second in all

  /** Of so many orders one is cancelled, and of another one an item is given back. */
  private static final int REVERSED = 10;

  private final DrillShop shop;
  private final List<NewOrder> orders = ShopOrder.many("http", 60_000);
  private final List<NewOrder> fileOrders = ShopOrder.many("file", 60_000);
  private final AtomicInteger next = new AtomicInteger();
  private final Map<String, NewOrder> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, JsonNode> reversals = new ConcurrentHashMap<>();
  private final List<NewOrder> inFiles = new ArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<Thread> shops = new ArrayList<>();
  private volatile boolean over;

  DrillTraffic(DrillShop shop) {
    this.shop = shop;
  }

  void start() {
    for (int n = 0; n < SHOPS; n++) {
      Thread thread = new Thread(this::placeOrders, "shop-" + n);
      shops.add(thread);
      thread.start();
    }
  }

  /** Places an order beside the constant load, and returns its id. */
  String placeOne(DrillShop at) throws InterruptedException {
    NewOrder order = orders.get(next.getAndIncrement());
    String id = at.place(order);
    acknowledged.put(id, order);
    return id;
  }

  /** Moves a file of new orders into an inbox. */
  void drop(Path inbox, int count) throws IOException {
    List<NewOrder> some = fileOrders.subList(inFiles.size(), inFiles.size() + count);
    Path part = inbox.resolve("drill-" + inFiles.size() + ".part");
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(part))) {
      out.print(
          "orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode\n");
      some.forEach(order -> order.items().forEach(item -> out.print(row(order, item))));
    }
    Files.move(part, inbox.resolve("drill-" + inFiles.size() + ".csv"));
    inFiles.addAll(some);
  }

  private static String row(NewOrder order, Item item) {
    return String.join(
            ",",
            order.reference(),
            order.customer().id(),
            order.customer().email(),
            order.customer().name(),
            order.customer().locale(),
            order.currency().getCurrencyCode(),
            item.sku(),
            item.name(),
            String.valueOf(item.quantity()),
            item.unitPrice().toPlainString(),
            order.couponCode() == null ? "" : order.couponCode())
        + "\n";
  }

  private void placeOrders() {
    for (int n = 1; !over; n++) {
      try {
        String id = placeOne(shop);
        if (n % REVERSED == 0) {
          reverse(id, "cancel", "{\"reason\":\"CUSTOMER\"}");
        } else if (n % REVERSED == REVERSED / 2) {
          reverse(
              id,
              "returns",
              "{\"reason\":\"CUSTOMER\",\"items\":[{\"position\":0,\"quantity\":1}]}");
        }
        Thread.sleep(PAUSE_MS);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        failures.add(e.getMessage());
      }
    }
  }

  /** Right after the order: its effects may be done, under way, or still to come. */
  private void reverse(String order, String how, String body) throws InterruptedException {
    reversals.put(order, shop.post("/api/orders/" + order + "/" + how, body));
  }

  /** What was taken back, as it was answered, by the orders' ids. */
  Map<String, JsonNode> reversals() {
    return reversals;
  }

  /** The orders that were answered with 201, by their ids. */
  Map<String, NewOrder> acknowledged() {
    return acknowledged;
  }

  List<NewOrder> inFiles() {
    return inFiles;
  }

  /** Answers that were neither 201 nor 503. */
  List<String> failures() {
    return failures;
  }

  /** Waits for the answers to what is under way. */
  @Override
  public void close() throws InterruptedException {
    over = true;
    for (Thread thread : shops) {
      thread.join();
    }
  }
}
