package dev.merlon.actors.verification;

import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Outcome;
import dev.merlon.model.verify.Query;
import dev.merlon.model.verify.Verdict;
import dev.merlon.model.verify.VerdictFile;
import dev.merlon.model.verify.VerdictOrigin;
import dev.merlon.model.verify.VerdictSink;
import dev.merlon.model.verify.cases.CaseFile;
import dev.merlon.model.verify.cases.VerificationCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The verdicts of a file of cases over all its models: kept in one results file, counted, told to a
 * watcher. A case is known where the results file holds a verdict of its id about the same model,
 * threshold, input, label and set. Owns the results file. Thread-safe.
 */
public final class CaseLedger implements AutoCloseable {
  private static final int LOOKED_UP_AT_ONCE = 256;

  private final CaseFile cases;
  private final Set<Outcome.Kind> retry;
  private final Optional<VerdictSink> sink;
  private final Consumer<CaseCounts> watcher;
  private final Map<String, VerdictFile.Line> earlier = new HashMap<>();
  private final Map<Path, Map<String, CaseCounts.Answer>> answers = new LinkedHashMap<>();
  private final Map<Path, Integer> asked = new HashMap<>();
  private Reused reused = Reused.NONE;

  private CaseLedger(
      CaseFile cases,
      Set<Outcome.Kind> retry,
      Optional<VerdictSink> sink,
      Consumer<CaseCounts> watcher) {
    this.cases = cases;
    this.retry = Set.copyOf(retry);
    this.sink = sink;
    this.watcher = watcher;
    for (VerificationCase one : cases.cases()) {
      answers.put(one.model(), new HashMap<>());
      asked.merge(one.model(), 1, Integer::sum);
    }
    sink.ifPresent(
        opened ->
            opened
                .earlierLines()
                .forEach(line -> line.verdict().property().id().ifPresent(id -> keep(id, line))));
  }

  /**
   * Opens the results file.
   *
   * @param results where verdicts are kept, and whether those there are gone on with
   * @param retry verdicts there that count as no answer
   * @param origin how verdicts are found; its model and data stand for all of the file's
   * @param watcher told after every batch, from one thread at a time
   * @param notes told what a person should know about the results file
   * @throws dev.merlon.config.failure.MerlonException when the results file cannot be used
   */
  public static CaseLedger open(
      CaseFile cases,
      Optional<Results> results,
      Set<Outcome.Kind> retry,
      VerdictOrigin origin,
      Consumer<CaseCounts> watcher,
      Consumer<String> notes) {
    Optional<VerdictSink> sink = results.map(wanted -> wanted.open(origin, notes));
    return new CaseLedger(cases, retry, sink, watcher);
  }

  /** Counts the known cases of a model and gives the others. */
  synchronized List<VerificationCase> open(CaseFile.Group group, String sha256, Facts facts) {
    List<VerificationCase> open = openCases(group, sha256);
    for (int start = 0; start < open.size(); start += LOOKED_UP_AT_ONCE) {
      List<VerificationCase> some =
          open.subList(start, Math.min(open.size(), start + LOOKED_UP_AT_ONCE));
      List<Verdict> known = facts.known(some.stream().map(cases::query).toList());
      if (!known.isEmpty()) {
        reused = reused.and(known);
        record(group, sha256, known);
      }
    }
    return open.stream().filter(one -> !answered(group.model(), one.id())).toList();
  }

  /** The question that a case asks. */
  Query query(VerificationCase one) {
    return cases.query(one);
  }

  private List<VerificationCase> openCases(CaseFile.Group group, String sha256) {
    List<VerificationCase> open = new ArrayList<>();
    for (VerificationCase one : group.cases()) {
      Optional<Verdict> known = known(one, group, sha256);
      known.ifPresent(verdict -> count(group.model(), verdict));
      if (known.isEmpty()) {
        open.add(one);
      }
    }
    watcher.accept(counts());
    return open;
  }

  /** Keeps, counts and tells fresh verdicts. */
  synchronized void record(CaseFile.Group group, String sha256, List<Verdict> fresh) {
    Map<String, String> data = new HashMap<>();
    group.cases().forEach(one -> data.put(one.id(), cases.data(one)));
    List<VerdictFile.Line> lines =
        fresh.stream()
            .map(verdict -> new VerdictFile.Line(verdict, sha256, of(data, verdict), use(group)))
            .toList();
    sink.ifPresent(opened -> opened.appendLines(lines));
    fresh.forEach(verdict -> count(group.model(), verdict));
    watcher.accept(counts());
  }

  /** Answers what has no verdict yet with {@code unknown}. */
  public synchronized void refuse(CaseRequest.Refused refused) {
    List<Verdict> unanswered = new ArrayList<>();
    openCases(refused.group(), refused.sha256()).stream()
        .map(cases::query)
        .forEach(
            query -> {
              if (!answered(refused.group().model(), id(query.id()))) {
                unanswered.add(Verdict.unanswered(query, refused.reason()));
              }
            });
    record(refused.group(), refused.sha256(), unanswered);
  }

  /** What certificates are to be about. */
  Guarantee guarantee() {
    return cases.guarantee();
  }

  /** What came out so far. */
  public synchronized CaseCounts counts() {
    List<CaseCounts.Model> models = new ArrayList<>();
    answers.forEach(
        (model, known) ->
            models.add(CaseCounts.Model.of(model, asked.getOrDefault(model, 0), known.values())));
    return new CaseCounts(cases.cases().size(), models, reused);
  }

  @Override
  public synchronized void close() {
    sink.ifPresent(VerdictSink::close);
  }

  // The last line of an id counts: a retried case has several.
  private void keep(String id, VerdictFile.Line line) {
    earlier.put(id, line);
  }

  private static ModelUse use(CaseFile.Group group) {
    return new ModelUse(Optional.empty(), group.threshold());
  }

  private Optional<Verdict> known(VerificationCase one, CaseFile.Group group, String sha256) {
    return Optional.ofNullable(earlier.get(one.id()))
        .filter(line -> line.use().equals(use(group)))
        .filter(line -> line.model().equals(sha256) && line.data().equals(cases.data(one)))
        .map(VerdictFile.Line::verdict)
        .filter(verdict -> verdict.property().equals(cases.query(one).property()))
        .filter(verdict -> !retry.contains(verdict.kind()));
  }

  private boolean answered(Path model, String id) {
    return Optional.ofNullable(answers.get(model)).orElseThrow().containsKey(id);
  }

  private void count(Path model, Verdict verdict) {
    Optional.ofNullable(answers.get(model))
        .orElseThrow()
        .put(id(verdict.property().id()), CaseCounts.Answer.of(verdict));
  }

  private static String of(Map<String, String> data, Verdict verdict) {
    return Optional.ofNullable(data.get(id(verdict.property().id()))).orElseThrow();
  }

  private static String id(Optional<String> id) {
    return id.orElseThrow();
  }
}
