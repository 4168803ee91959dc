package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import orderflow.deadletter.DeadLetter;
import orderflow.deadletter.DeadLetterDesk;
import orderflow.deadletter.DeadLetterResult;
import orderflow.deadletter.DeadLetterSummary;
import orderflow.platform.http.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Dead letters: by consumer and cause, one by one, and what may become of them. */
@RestController
class DeadLetterPages {

  private static final ApiCall LIST = ApiCall.get("/api/dead-letters");
  private static final ApiCall SUMMARY = ApiCall.get("/api/dead-letters/summary");
  private static final ApiCall SHOW = ApiCall.get("/api/dead-letters/{id}");
  private static final ApiCall REPLAY = ApiCall.post("/api/dead-letters/{id}/replay");
  private static final ApiCall REPLAY_ALL = ApiCall.post("/api/dead-letters/replay");
  private static final ApiCall DISCARD = ApiCall.post("/api/dead-letters/{id}/discard");

  private static final String[] STATES = {"WAITING", "REPLAYED", "DISCARDED"};

  private final Console console;
  private final DeadLetterDesk desk;
  private final DeadLetterSummary summary;

  DeadLetterPages(Console console, DeadLetterDesk desk, DeadLetterSummary summary) {
    this.console = console;
    this.desk = desk;
    this.summary = summary;
  }

  @GetMapping("/console/dead-letters")
  ResponseEntity<String> list(HttpServletRequest request) throws Exception {
    return console.open(request, LIST, this::list);
  }

  private Answer list(Visit visit) {
    String consumer = visit.param("consumer", desk.consumers());
    String state = visit.param("state", STATES);
    String cursor = visit.param("cursor");
    Page<DeadLetter> page =
        desk.list(consumer, state, Visit.PAGE, cursor).map(letter -> asShownTo(visit, letter));
    Map<String, @Nullable String> query = new LinkedHashMap<>();
    query.put("consumer", consumer);
    query.put("state", state);
    query.put("cursor", cursor);
    Answer.View view =
        Answer.View.of("dead-letters")
            .with("letters", page.entries())
            .with("next", page.next() == null ? null : visit.with("cursor", page.next()))
            .with("consumer", consumer)
            .with("state", state)
            .with("consumers", desk.consumers())
            .with("states", STATES)
            .with("mayReplay", visit.may(REPLAY_ALL))
            .withCurl(LIST.curl(visit.request(), "/api/dead-letters" + Visit.query(query), null));
    return visit.may(SUMMARY)
        ? view.with("groups", summary.groups())
            .withCurl(SUMMARY.curl(visit.request(), "/api/dead-letters/summary", null))
        : view;
  }

  @GetMapping("/console/dead-letters/{id}")
  ResponseEntity<String> show(HttpServletRequest request) throws Exception {
    return console.open(request, SHOW, this::show);
  }

  private Answer show(Visit visit) {
    long id = visit.api().number("id");
    DeadLetter letter = asShownTo(visit, visit.found(desk.find(id)));
    String path = "/api/dead-letters/" + id;
    Answer.View view =
        Answer.View.of("dead-letter")
            .with("letter", letter)
            .with("waits", letter.state().equals("WAITING"))
            .with("mayReplay", visit.may(REPLAY))
            .with("mayDiscard", visit.may(DISCARD))
            .with("masked", !visit.api().showsPersonalData())
            .withCurl(SHOW.curl(visit.request(), path, null));
    if (visit.may(REPLAY)) {
      view.withCurl(REPLAY.curl(visit.request(), path + "/replay", null))
          .withCurl(DISCARD.curl(visit.request(), path + "/discard", null));
    }
    return view;
  }

  @PostMapping("/console/dead-letters/{id}/replay")
  ResponseEntity<String> replay(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        REPLAY,
        visit -> {
          long id = visit.api().number("id");
          return after(visit, id, desk.replay(id, visit.actor()), "replayed");
        });
  }

  /** What is given up can't be had back, so a page asks first. */
  @GetMapping("/console/dead-letters/{id}/discard")
  ResponseEntity<String> askToDiscard(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        DISCARD,
        visit -> {
          long id = visit.api().number("id");
          DeadLetter letter = visit.found(desk.find(id));
          return Answer.View.of("sure")
              .with("title", visit.text("discard-title", id))
              .with("text", visit.text("discard-text", letter.consumer(), letter.cause()))
              .with("act", visit.text("discard"))
              .with("back", "/console/dead-letters/" + id)
              .withCurl(
                  DISCARD.curl(visit.request(), "/api/dead-letters/" + id + "/discard", null));
        });
  }

  @PostMapping("/console/dead-letters/{id}/discard")
  ResponseEntity<String> discard(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        DISCARD,
        visit -> {
          long id = visit.api().number("id");
          return after(visit, id, desk.discard(id, visit.actor()), "discarded");
        });
  }

  private Answer after(Visit visit, long id, DeadLetterResult result, String done) {
    if (result == DeadLetterResult.DONE) {
      return new Answer.Go("/console/dead-letters/" + id + "?done=" + done);
    }
    visit.fault("", visit.text("dead-letter-" + result));
    return result == DeadLetterResult.UNKNOWN ? list(visit) : show(visit);
  }

  /** Asks before many are replayed: how many wait, and what they have in common. */
  @GetMapping("/console/dead-letters/replay")
  ResponseEntity<String> askToReplay(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        REPLAY_ALL,
        visit -> {
          String consumer = visit.param("consumer", desk.consumers());
          String cause = visit.param("cause");
          if (consumer == null) {
            return new Answer.Go("/console/dead-letters");
          }
          List<DeadLetterSummary.Group> groups =
              summary.groups().stream()
                  .filter(group -> group.consumer().equals(consumer))
                  .filter(group -> cause == null || group.cause().equals(cause))
                  .toList();
          Map<String, @Nullable String> query = new LinkedHashMap<>();
          query.put("consumer", consumer);
          query.put("cause", cause);
          return Answer.View.of("replay")
              .with("consumer", consumer)
              .with("cause", cause)
              .with("groups", groups)
              .with("count", groups.stream().mapToLong(DeadLetterSummary.Group::count).sum())
              .withCurl(
                  REPLAY_ALL.curl(
                      visit.request(), "/api/dead-letters/replay" + Visit.query(query), null));
        });
  }

  @PostMapping("/console/dead-letters/replay")
  ResponseEntity<String> replayAll(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        REPLAY_ALL,
        visit -> {
          String consumer = visit.form().get("consumer");
          String cause = visit.form().get("cause");
          if (!List.of(desk.consumers()).contains(consumer)) {
            return new Answer.Go("/console/dead-letters");
          }
          desk.replayAll(consumer, cause.isEmpty() ? null : cause, visit.actor());
          return new Answer.Go(
              "/console/dead-letters?done=replay-asked&consumer=" + Visit.segment(consumer));
        });
  }

  private static DeadLetter asShownTo(Visit visit, DeadLetter letter) {
    return visit.api().showsPersonalData() ? letter : letter.withoutContent();
  }
}
