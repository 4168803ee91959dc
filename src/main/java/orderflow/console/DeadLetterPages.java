package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import orderflow.deadletter.DeadLetter;
import orderflow.deadletter.DeadLetterDesk;
import orderflow.deadletter.DeadLetterResult;
import orderflow.deadletter.DeadLetterSummary;
import orderflow.deadletter.DryRuns;
import orderflow.deadletter.EditResult;
import orderflow.deadletter.ReplayRequest;
import orderflow.operation.OperationSettings;
import orderflow.platform.http.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Dead letters: by consumer and cause, one by one, edited and tried, and what may become of them.
 */
@RestController
class DeadLetterPages {

  private static final ApiCall LIST = ApiCall.get("/api/dead-letters");
  private static final ApiCall SUMMARY = ApiCall.get("/api/dead-letters/summary");
  private static final ApiCall SHOW = ApiCall.get("/api/dead-letters/{id}");
  private static final ApiCall REPLAY = ApiCall.post("/api/dead-letters/{id}/replay");
  private static final ApiCall REPLAY_ALL = ApiCall.post("/api/dead-letters/replay");
  private static final ApiCall DISCARD = ApiCall.post("/api/dead-letters/{id}/discard");

  private static final ApiCall EDIT = ApiCall.put("/api/dead-letters/{id}/payload");
  private static final ApiCall TRY = ApiCall.post("/api/dead-letters/{id}/preview");

  /** In characters; larger ones are edited over the API. */
  private static final int LARGEST_EDITED = 200_000;

  /** No dead letter has it. */
  private static final int NO_VERSION = -1;

  private static final String[] STATES = {"WAITING", "REPLAYED", "DISCARDED"};

  private final Console console;
  private final DeadLetterDesk desk;
  private final DeadLetterSummary summary;
  private final DryRuns dryRuns;
  private final OperationSettings settings;

  DeadLetterPages(
      Console console,
      DeadLetterDesk desk,
      DeadLetterSummary summary,
      DryRuns dryRuns,
      OperationSettings settings) {
    this.console = console;
    this.desk = desk;
    this.summary = summary;
    this.dryRuns = dryRuns;
    this.settings = settings;
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
            .with("next", visit.next(page))
            .with("consumer", consumer)
            .with("state", state)
            .with("consumers", desk.consumers())
            .with("states", STATES)
            .with("mayReplay", visit.may(REPLAY_ALL))
            .withCurl(LIST.at().query(query));
    return visit.may(SUMMARY) ? view.with("groups", summary.groups()).withCurl(SUMMARY.at()) : view;
  }

  @GetMapping("/console/dead-letters/{id}")
  ResponseEntity<String> show(HttpServletRequest request) throws Exception {
    return console.open(request, SHOW, this::show);
  }

  private Answer show(Visit visit) {
    return show(visit, visit.found(desk.find(visit.api().number("id"))), null);
  }

  /**
   * @param typed what was typed into the editor and is not saved; null to begin with the payload
   */
  private Answer.View show(Visit visit, DeadLetter found, @Nullable String typed) {
    DeadLetter letter = asShownTo(visit, found);
    long id = letter.id();
    Answer.View view =
        Answer.View.of("dead-letter")
            .with("letter", letter)
            .with("waits", letter.state().equals("WAITING"))
            .with("mayReplay", visit.may(REPLAY))
            .with("mayDiscard", visit.may(DISCARD))
            .with("masked", !visit.api().showsPersonalData())
            .with("page", "/console/dead-letters/" + id)
            .with(
                "original",
                letter.payload() == null ? null : shown(letter.payload(), letter.payloadEncoding()))
            .withCurl(SHOW.at(id));
    DeadLetter.Edit edit = letter.edited();
    String current = edit == null ? letter.payload() : edit.payload();
    if (edit != null && edit.payload() != null) {
      view.with("edited", shown(edit.payload(), edit.payloadEncoding()))
          .with("diff", diff(letter.payload(), edit.payload()));
    }
    boolean isText =
        letter.payloadEncoding() == null && (edit == null || edit.payloadEncoding() == null);
    if (visit.may(EDIT) && letter.state().equals("WAITING") && isText) {
      String text = typed == null ? PayloadLines.text(current == null ? "" : current) : typed;
      if (text.length() <= LARGEST_EDITED) {
        view.with("editor", text);
      }
      view.withCurl(
          EDIT.at(id)
              .header("If-Match", "\"" + letter.version() + "\"")
              .option("--data-binary @payload.json"));
    }
    if (visit.may(TRY)) {
      view.with("mayTry", true).withCurl(TRY.at(id));
    }
    if (visit.may(REPLAY)) {
      view.withCurl(REPLAY.at(id)).withCurl(DISCARD.at(id));
    }
    return view;
  }

  /** Saves an edit. What another operator has saved meanwhile is shown beside what was typed. */
  @PostMapping("/console/dead-letters/{id}/payload")
  ResponseEntity<String> edit(HttpServletRequest request) throws Exception {
    return console.open(request, EDIT, this::edit);
  }

  private Answer edit(Visit visit) {
    long id = visit.api().number("id");
    DeadLetter letter = visit.found(desk.find(id));
    boolean undo = !visit.form().get("undo").isEmpty();
    String typed = visit.form().get("payload").replace("\r\n", "\n");
    String original = letter.payload() == null ? "" : letter.payload();
    DeadLetter.Edit edit = letter.edited();
    String current = edit == null || edit.payload() == null ? original : edit.payload();
    if (!undo && typed.equals(PayloadLines.text(current))) {
      visit.fault("payload", visit.text("edit-nothing"));
      return show(visit, letter, typed);
    }
    String payload = undo || typed.equals(PayloadLines.text(original)) ? original : typed;
    EditResult result =
        desk.edit(
            id,
            payload.getBytes(StandardCharsets.UTF_8),
            Set.of(Objects.requireNonNullElse(visit.form().number("version"), NO_VERSION)),
            visit.actor());
    if (result instanceof EditResult.Edited) {
      return new Answer.Go(
          "/console/dead-letters/" + id + "?done=" + (undo ? "edit-undone" : "edited"));
    }
    if (result instanceof EditResult.OtherVersion other) {
      DeadLetter.Edit theirs = other.letter().edited();
      visit.fault(
          "payload",
          theirs == null
              ? visit.text("edit-undone-meanwhile")
              : visit.text("edit-meanwhile", theirs.by()));
      String now = theirs == null ? other.letter().payload() : theirs.payload();
      return show(visit, other.letter(), typed).with("conflict", diff(now, typed)).withStatus(412);
    }
    visit.fault(
        "payload",
        visit.text(
            result instanceof EditResult.Refused refused
                ? "dead-letter-" + refused.why()
                : "edit-erased"));
    return show(visit, letter, typed);
  }

  private static List<LineDiff.Line> diff(@Nullable String before, @Nullable String after) {
    return LineDiff.of(
        PayloadLines.of(before == null ? "" : before), PayloadLines.of(after == null ? "" : after));
  }

  private static String shown(String payload, @Nullable String encoding) {
    return encoding == null ? PayloadLines.text(payload) : payload;
  }

  /** Tries what a replay would do. Nothing changes, so the page itself is the answer. */
  @PostMapping("/console/dead-letters/{id}/preview")
  ResponseEntity<String> tryOut(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        TRY,
        visit -> {
          DeadLetter letter = visit.found(desk.find(visit.api().number("id")));
          return show(visit, letter, null).with("dryRun", visit.found(dryRuns.of(letter.id())));
        });
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
              .withCurl(DISCARD.at(id));
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

  /** The page of a group: how many wait, and how they are to be replayed. */
  @GetMapping("/console/dead-letters/replay")
  ResponseEntity<String> askToReplay(HttpServletRequest request) throws Exception {
    return console.open(
        request, REPLAY_ALL, visit -> group(visit, visit.param("consumer"), visit.param("cause")));
  }

  private Answer group(Visit visit, @Nullable String consumer, @Nullable String cause) {
    if (!List.of(desk.consumers()).contains(consumer)) {
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
    query.put("rate", String.valueOf(settings.replayRate()));
    return Answer.View.of("replay")
        .with("consumer", consumer)
        .with("cause", cause)
        .with("groups", groups)
        .with("count", groups.stream().mapToLong(DeadLetterSummary.Group::count).sum())
        .with("rate", typed(visit, "rate", String.valueOf(settings.replayRate())))
        .with("limit", typed(visit, "limit", ""))
        .with("stopAfterFailures", typed(visit, "stopAfterFailures", ""))
        .withCurl(REPLAY_ALL.at().query(query));
  }

  private static String typed(Visit visit, String field, String otherwise) {
    return visit.request().getMethod().equals("POST") ? visit.form().get(field) : otherwise;
  }

  @PostMapping("/console/dead-letters/replay")
  ResponseEntity<String> replayAll(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        REPLAY_ALL,
        visit -> {
          String consumer = visit.form().get("consumer");
          String cause = visit.form().get("cause").isEmpty() ? null : visit.form().get("cause");
          Integer rate = number(visit, "rate", OperationSettings.FASTEST);
          Integer limit = number(visit, "limit", DeadLetterDesk.Group.MOST);
          Integer stopAfter = number(visit, "stopAfterFailures", DeadLetterDesk.Group.MOST);
          if (!visit.faults().isEmpty() || !List.of(desk.consumers()).contains(consumer)) {
            return group(visit, consumer, cause);
          }
          ReplayRequest begun =
              desk.replayAll(
                  new DeadLetterDesk.Group(consumer, cause, rate, limit, stopAfter), visit.actor());
          return new Answer.Go("/console/operations/" + begun.operation());
        });
  }

  /** A whole number from 1 on; null where nothing was typed. */
  private static @Nullable Integer number(Visit visit, String field, int most) {
    Integer number = visit.form().number(field);
    if (number == null ? !visit.form().get(field).isBlank() : number < 1 || number > most) {
      visit.fault(field, visit.text("wrong-number", visit.text("field-" + field), most));
      return null;
    }
    return number;
  }

  private static DeadLetter asShownTo(Visit visit, DeadLetter letter) {
    return visit.api().showsPersonalData() ? letter : letter.withoutContent();
  }
}
