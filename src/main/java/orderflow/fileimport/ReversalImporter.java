package orderflow.fileimport;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import orderflow.platform.json.ValidationException;
import orderflow.platform.security.Actor;
import orderflow.reversal.ReversalRequest;
import orderflow.reversal.ReversalResult;
import orderflow.reversal.Reversals;
import org.jspecify.annotations.Nullable;

/**
 * Makes the cancellations or returns of a file.
 *
 * @param actor the file
 */
record ReversalImporter(
    FileSubject subject, Reversals reversals, ReversedOrders orders, Actor actor)
    implements Importer<FileReversal> {

  /** Few, since orders and coupons are locked until all of them are done. */
  private static final int MOST = 200;

  private static final String NO_ORDER = "there is no such order";

  @Override
  public int batch() {
    return MOST;
  }

  @Override
  public FileReversal read(ParsedEntry entry) {
    return FileReversal.read(Objects.requireNonNull(entry.json()), subject);
  }

  @Override
  public List<Outcome> take(List<FileReversal> entries, boolean again) {
    Map<String, UUID> ids =
        orders.ids(
            entries.stream()
                .map(FileReversal::orderRef)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
    Set<UUID> withSkus = new HashSet<>();
    for (FileReversal entry : entries) {
      UUID order = order(entry, ids);
      if (order != null && entry.namesSkus()) {
        withSkus.add(order);
      }
    }
    Map<UUID, List<String>> articles = orders.articles(withSkus);
    List<Reversals.Wish> wishes = new ArrayList<>();
    List<@Nullable Outcome> outcomes = new ArrayList<>();
    for (FileReversal entry : entries) {
      outcomes.add(refusal(entry, ids, articles, wishes));
    }
    List<ReversalResult> results = reversals.reverseAll(wishes);
    List<Outcome> all = new ArrayList<>();
    int next = 0;
    for (Outcome refused : outcomes) {
      all.add(refused == null ? outcome(results.get(next++)) : refused);
    }
    return all;
  }

  /** Why an entry can't even be tried; null if its wish was added. */
  private @Nullable Outcome refusal(
      FileReversal entry,
      Map<String, UUID> ids,
      Map<UUID, List<String>> articles,
      List<Reversals.Wish> wishes) {
    UUID order = order(entry, ids);
    if (order == null) {
      return Outcome.rejected("/orderRef", NO_ORDER);
    }
    if (entry.orderRef() != null && !order.equals(ids.get(entry.orderRef()))) {
      return Outcome.rejected("/orderRef", "is not that of the order of orderId");
    }
    try {
      ReversalRequest request = entry.of(articles.getOrDefault(order, List.of()));
      wishes.add(
          new Reversals.Wish(
              order, request, new Reversals.Command(entry.reference(), null, actor, false)));
      return null;
    } catch (ValidationException e) {
      return Outcome.rejected(e.faults());
    }
  }

  private static @Nullable UUID order(FileReversal entry, Map<String, UUID> ids) {
    return entry.orderId() != null ? entry.orderId() : ids.get(entry.orderRef());
  }

  private static Outcome outcome(ReversalResult result) {
    if (result instanceof ReversalResult.Done done) {
      return done.replayed() ? Outcome.DUPLICATE : Outcome.ACCEPTED;
    }
    if (result instanceof ReversalResult.Invalid invalid) {
      return Outcome.rejected(invalid.faults());
    }
    if (result instanceof ReversalResult.Unknown) {
      return Outcome.rejected("/orderId", NO_ORDER);
    }
    if (result instanceof ReversalResult.AlreadyCancelled) {
      return Outcome.rejected("", "the order is cancelled already");
    }
    if (result instanceof ReversalResult.HasReturns) {
      return Outcome.rejected(
          "", "items of the order have been returned: what is left can be returned, not cancelled");
    }
    if (result instanceof ReversalResult.NothingLeft left) {
      return Outcome.rejected("", nothingLeft(left.remaining()));
    }
    if (result instanceof ReversalResult.RefundOverTotal over) {
      return Outcome.rejected(
          "/refund/amount", "is over the " + over.maximum().toPlainString() + " that are left");
    }
    if (result instanceof ReversalResult.ReferenceTaken) {
      return Outcome.rejected("/returnRef", "is there already with other content");
    }
    throw new IllegalStateException("a file's reversal ended as " + result);
  }

  private static String nothingLeft(List<ReversalRequest.ReturnedItem> remaining) {
    return remaining.isEmpty()
        ? "nothing of the order is left to return"
        : "more is to be returned than is left of the order: "
            + remaining.stream()
                .limit(20)
                .map(item -> item.quantity() + " at position " + item.position())
                .collect(Collectors.joining(", "));
  }
}
