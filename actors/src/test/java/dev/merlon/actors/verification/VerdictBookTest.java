package dev.merlon.actors.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Property;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import dev.merlon.model.verify.verdict.VerdictFile;
import dev.merlon.model.verify.verdict.VerdictOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictBookTest {
  private static final VerdictLog.About ABOUT = new VerdictLog.About("m", "d", ModelUse.PLAIN);
  private static final Query STUCK = query(0);
  private static final Query PROVED = query(1);
  private static final Outcome TIMEOUT = new Outcome.Timeout(Rung.IBP);
  private static final Outcome CONFLICT =
      new Outcome.Conflict(Rung.IBP, "falsified, but certified", Optional.empty());

  @TempDir private Path home;
  private final Counted tally = new Counted();

  @Test
  void begin_timeoutOfDescribedResultsThatIsRetried_isAskedAgain() throws IOException {
    try (VerdictLog log = log()) {
      log.append(ABOUT, List.of(verdict(STUCK, TIMEOUT), verdict(PROVED, proof())));
    }
    // Of results whose effort no file beside them describes, timeouts are no answer in any case.
    Files.writeString(
        VerdictFile.origin(results()), "model m\ndata d\nguarantee real\nrungs ibp\n");

    assertThat(askedOfResults(Set.of(Outcome.Kind.TIMEOUT))).containsExactly(STUCK.property());
    assertThat(tally.earlier).containsExactly(verdict(PROVED, proof()));
    assertThat(askedOfResults(Set.of(Outcome.Kind.UNKNOWN))).isEmpty();
    assertThat(askedOfResults(Set.of())).isEmpty();
  }

  private List<Property> askedOfResults(Set<Outcome.Kind> retry) {
    tally.earlier.clear();
    List<Property> open = new ArrayList<>();
    try (VerdictLog log = log();
        VerdictBook<Integer> book = book(log, Facts.NONE, retry)) {
      book.begin();
      book.open().forEachRemaining(query -> open.add(query.property()));
    }
    return open;
  }

  @Test
  void record_verdictThatContradictsAFact_isCountedAndWrittenAsAConflict() throws IOException {
    Facts facts = new Kept(fresh -> fresh.stream().map(VerdictBookTest::disputed).toList());
    try (VerdictLog log = log();
        VerdictBook<Integer> book = book(log, facts, Set.of())) {
      book.begin();
      book.record(List.of(verdict(STUCK, TIMEOUT), verdict(PROVED, proof())));
    }

    assertThat(tally.found).containsExactly(verdict(STUCK, TIMEOUT), verdict(PROVED, CONFLICT));
    assertThat(Files.readString(results()))
        .contains("\"conflict\"")
        .doesNotContain("\"certified\"");
  }

  @Test
  void record_factsThatCannotBeKept_countsAndWritesNothing() {
    Facts facts =
        new Kept(
            fresh -> {
              throw MerlonException.configuration("no room", "make some");
            });
    try (VerdictLog log = log();
        VerdictBook<Integer> book = book(log, facts, Set.of())) {
      book.begin();
      assertThatThrownBy(() -> book.record(List.of(verdict(PROVED, proof()))))
          .hasMessageContaining("no room");
    }

    assertThat(tally.found).isEmpty();
    assertThat(results()).isEmptyFile();
  }

  private VerdictBook<Integer> book(VerdictLog log, Facts facts, Set<Outcome.Kind> retry) {
    var asked = new VerdictBook.Asked(ABOUT, List.of(STUCK, PROVED), retry);
    return new VerdictBook<>(asked, log, facts, tally);
  }

  private Path results() {
    return home.resolve("out.jsonl");
  }

  private VerdictLog log() {
    return VerdictLog.open(
        Optional.of(new Results.File(results(), VerdictFile.Opening.RESUME)),
        new VerdictOrigin(
            "m", "d", ModelUse.PLAIN, Guarantee.REAL, List.of(Rung.IBP), Optional.empty()),
        note -> {});
  }

  private static Query query(int index) {
    return Query.of(
        index,
        new float[] {index, 1},
        0,
        new Question(new NormBall(new LInf(), 0.1, true), Guarantee.REAL));
  }

  private static Outcome proof() {
    return new Outcome.Certified(Rung.IBP, MarginBounds.of(0, 0, 0.25));
  }

  private static Verdict disputed(Verdict fresh) {
    return fresh.kind() == Outcome.Kind.CERTIFIED ? verdict(PROVED, CONFLICT) : fresh;
  }

  private static Verdict verdict(Query query, Outcome outcome) {
    Optional<MarginBounds> margins =
        outcome instanceof Outcome.Certified proof
            ? Optional.of(proof.margins())
            : Optional.empty();
    return new Verdict(query.property(), OptionalInt.of(0), outcome, margins, Guarantee.REAL, 1);
  }

  /** Facts that know nothing and keep what they are given in some way. */
  private record Kept(UnaryOperator<List<Verdict>> way) implements Facts {
    @Override
    public List<Verdict> known(List<Query> queries) {
      return List.of();
    }

    @Override
    public List<Verdict> record(List<Verdict> fresh) {
      return way.apply(fresh);
    }

    @Override
    public void close() {}
  }

  /** Remembers what is counted, and never has enough. */
  private static final class Counted implements Tally<Integer> {
    private final List<Verdict> earlier = new ArrayList<>();
    private final List<Verdict> found = new ArrayList<>();

    @Override
    public void begin(List<Verdict> verdicts) {
      earlier.addAll(verdicts);
    }

    @Override
    public void known(List<Verdict> verdicts) {}

    @Override
    public void found(List<Verdict> verdicts) {
      found.addAll(verdicts);
    }

    @Override
    public boolean enough() {
      return false;
    }

    @Override
    public Integer report() {
      return found.size();
    }
  }
}
