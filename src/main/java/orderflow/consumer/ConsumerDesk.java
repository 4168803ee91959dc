package orderflow.consumer;

import java.util.ArrayList;
import java.util.List;
import orderflow.audit.Action;
import orderflow.audit.OperatorActions;
import orderflow.platform.security.Actor;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Shows consumers to operators, and pauses those that a shop has added. */
@Component
public class ConsumerDesk {

  private final OrderConsumers consumers;
  private final OwnConsumerTable own;
  private final OperatorActions actions;

  ConsumerDesk(OrderConsumers consumers, OwnConsumerTable own, OperatorActions actions) {
    this.consumers = consumers;
    this.own = own;
    this.actions = actions;
  }

  /**
   * A consumer.
   *
   * @param own whether a file of the shop's has added it
   * @param paused whether it reads nothing until it is resumed
   */
  public record View(String name, boolean own, boolean paused) {}

  /** What came of a wish to pause or resume. */
  public enum PauseResult {
    DONE,
    UNKNOWN,
    /** The program's own consumers share one group, and can't be paused one by one. */
    BUILT_IN
  }

  /** The program's consumers, then those of the shop by name. */
  public List<View> list() {
    List<View> views = new ArrayList<>();
    consumers.names().forEach(name -> views.add(new View(name, false, false)));
    own.pauses().forEach((name, paused) -> views.add(new View(name, true, paused)));
    return views;
  }

  /** Pauses or resumes a consumer; every instance follows within seconds. */
  @Transactional
  public PauseResult pause(String name, boolean paused, Actor actor) {
    if (consumers.names().contains(name)) {
      return PauseResult.BUILT_IN;
    }
    if (!own.pause(name, paused)) {
      return PauseResult.UNKNOWN;
    }
    actions.record(actor, paused ? Action.PAUSE_CONSUMER : Action.RESUME_CONSUMER, name);
    return PauseResult.DONE;
  }
}
