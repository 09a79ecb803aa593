package dev.merlon.actors.verification;

import dev.merlon.actors.event.CertificationProgress;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.Property;
import dev.merlon.model.verify.Query;
import dev.merlon.model.verify.Questions;
import dev.merlon.model.verify.Requirement;
import dev.merlon.model.verify.Rung;
import dev.merlon.model.verify.Summary;
import dev.merlon.model.verify.UnionTally;
import dev.merlon.model.verify.Verdict;
import dev.merlon.model.verify.VerdictFile;
import dev.merlon.model.verify.VerdictOrigin;
import dev.merlon.model.verify.VerdictSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The verdicts of one certification: written to where results go, counted, and told to the watcher.
 * Owns that place, and what is known about the model.
 */
final class VerdictBook implements QueryBook<CertificationReport> {
  private static final int LOOKED_UP_AT_ONCE = 256;

  private final CertificationRequest request;
  private final Consumer<JobEvent> watcher;
  private final Optional<VerdictSink> sink;
  private final Facts facts;
  private final Set<Property> known = new HashSet<>();
  private final UnionTally tally;
  private final long startNanos = System.nanoTime();
  private Reused reused = Reused.NONE;

  private VerdictBook(
      CertificationRequest request,
      Consumer<JobEvent> watcher,
      Optional<VerdictSink> sink,
      Facts facts) {
    this.request = request;
    this.watcher = watcher;
    this.sink = sink;
    this.facts = facts;
    this.tally = emptyTally(request);
  }

  /**
   * Opens the place of results and counts what it holds already.
   *
   * @param facts what else is known; owned
   */
  static VerdictBook open(CertificationRequest request, Facts facts, Consumer<JobEvent> watcher) {
    // A gate about something that is not asked is refused now and not after the work.
    request.gate().ifPresent(gate -> gate.decide(emptyTally(request).summary()));
    Optional<VerdictSink> sink =
        request
            .results()
            .map(
                results ->
                    results.open(
                        origin(request), note -> watcher.accept(new JobEvent.Noted(note))));
    VerdictBook book = new VerdictBook(request, watcher, sink, facts);
    sink.ifPresent(opened -> book.keepEarlier(opened.earlierLines()));
    return book;
  }

  /** The queries that have no verdict yet. */
  @Override
  public Iterator<Query> open() {
    return rejectedEarly() ? Collections.emptyIterator() : unanswered();
  }

  private Iterator<Query> unanswered() {
    return StreamSupport.stream(request.questions().queries().spliterator(), false)
        .filter(query -> !known.contains(query.property()))
        .iterator();
  }

  /** Keeps, counts and tells fresh verdicts. Returns whether to go on. */
  @Override
  public boolean record(List<Verdict> fresh) {
    List<Verdict> counted = facts.record(fresh);
    sink.ifPresent(opened -> opened.append(counted));
    counted.forEach(this::count);
    tell(counted);
    return !rejectedEarly();
  }

  /** Tells the watcher where things stand before the first batch, and what is known. */
  @Override
  public void begin() {
    tell(List.of());
    Iterator<Query> unanswered = unanswered();
    while (unanswered.hasNext()) {
      List<Query> some = new ArrayList<>();
      while (unanswered.hasNext() && some.size() < LOOKED_UP_AT_ONCE) {
        some.add(unanswered.next());
      }
      reuse(facts.known(some));
    }
  }

  private void reuse(List<Verdict> found) {
    if (!found.isEmpty()) {
      sink.ifPresent(opened -> opened.append(found));
      reused = reused.and(found);
      for (Verdict verdict : found) {
        known.add(verdict.property());
        tally.addKnown(verdict);
      }
      tell(found);
    }
  }

  @Override
  public CertificationReport report() {
    Summary summary = tally.summary();
    return new CertificationReport(
        request.model().name(),
        request.model().sha256(),
        request.questions().data(),
        request.model().use(),
        summary,
        reused,
        request.gate().map(gate -> gate.decide(summary)),
        elapsed());
  }

  @Override
  public void close() {
    try (facts) {
      sink.ifPresent(VerdictSink::close);
    }
  }

  private void keepEarlier(List<VerdictFile.Line> earlier) {
    Set<Property> asked =
        StreamSupport.stream(request.questions().queries().spliterator(), false)
            .map(Query::property)
            .collect(Collectors.toSet());
    // The last verdict of a property counts: a retried one has several.
    Map<Property, Verdict> last = new LinkedHashMap<>();
    earlier.forEach(line -> last.put(line.verdict().property(), line.verdict()));
    last.values().stream()
        .filter(verdict -> asked.contains(verdict.property()))
        .filter(verdict -> !request.retry().contains(verdict.kind()))
        .forEach(this::count);
  }

  private static UnionTally emptyTally(CertificationRequest request) {
    Questions questions = request.questions();
    return new UnionTally(questions.threats(), questions.inputs(), attacks(request));
  }

  private static boolean attacks(CertificationRequest request) {
    return request.effort().rungs().contains(Rung.PGD);
  }

  private void count(Verdict verdict) {
    known.add(verdict.property());
    tally.add(verdict);
  }

  private void tell(List<Verdict> fresh) {
    long total = request.questions().size();
    watcher.accept(
        new CertificationProgress(known.size(), total, fresh, tally.summary(), elapsed()));
  }

  private boolean rejectedEarly() {
    return request
        .gate()
        .filter(CertificationRequest.Gate::stopEarly)
        .map(gate -> gate.decide(tally.summary()))
        .filter(decision -> decision == Requirement.Decision.REJECTED)
        .isPresent();
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private static VerdictOrigin origin(CertificationRequest request) {
    return new VerdictOrigin(
        request.model().sha256(),
        request.questions().data(),
        request.model().use(),
        request.questions().guarantee(),
        request.effort().rungs(),
        Optional.of(request.effort().attack().toString()).filter(words -> attacks(request)));
  }
}
