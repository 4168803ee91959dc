package orderflow.operation;

import java.util.Locale;
import java.util.stream.Stream;

/** The kinds of long work. Their names are part of the interface and never change. */
public enum OperationKind {
  REPLAY_DEAD_LETTERS(true),
  /** What is erased can't be had back, and the rest is not to stay: it can be paused only. */
  ERASE_PERSONAL_DATA(false);

  private final boolean canBeCancelled;

  OperationKind(boolean canBeCancelled) {
    this.canBeCancelled = canBeCancelled;
  }

  /** Whether operations of a kind can be cancelled; of one that only a newer version knows, yes. */
  static boolean canBeCancelled(String kind) {
    return Stream.of(values()).noneMatch(one -> one.name().equals(kind) && !one.canBeCancelled);
  }

  /** Its name in metrics. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
