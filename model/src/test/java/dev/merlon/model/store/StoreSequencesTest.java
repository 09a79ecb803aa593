package dev.merlon.model.store;

import static dev.merlon.model.store.StoreExamples.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random sequences of questions and verdicts: the store has to answer as a plain list of what was
 * said so far, which is searched anew for every question.
 */
class StoreSequencesTest {
  private static final int STEPS = 700;
  private static final List<List<Rung>> LADDERS =
      List.of(
          List.of(Rung.PREDICT, Rung.IBP),
          List.of(Rung.PREDICT, Rung.CROWN),
          List.of(Rung.PREDICT, Rung.IBP, Rung.PGD),
          List.of(Rung.PREDICT, Rung.IBP, Rung.PGD, Rung.CROWN));

  @TempDir private Path folder;

  /** Somebody who asks, and is asked about. */
  private record Asking(
      int input,
      double eps,
      boolean clip,
      Guarantee guarantee,
      SearchEffort effort,
      String version) {
    Query query() {
      return Query.of(
          input,
          new float[] {input, 1},
          0,
          new Question(new NormBall(new LInf(), eps, clip), guarantee));
    }

    boolean sameQuestion(Asking other) {
      return sameInput(other)
          && eps == other.eps
          && clip == other.clip
          && guarantee == other.guarantee;
    }

    boolean sameInput(Asking other) {
      return input == other.input;
    }

    boolean contains(Asking other) {
      return eps >= other.eps && (other.clip || !clip);
    }
  }

  /** What was said at one time. */
  private record Said(Asking by, Outcome outcome) {
    boolean decides() {
      return Set.of(Outcome.Kind.CERTIFIED, Outcome.Kind.FALSIFIED, Outcome.Kind.MISCLASSIFIED)
          .contains(outcome.kind());
    }
  }

  /** The rules once more, over everything that was said. */
  private static final class Reference {
    private final List<Said> facts = new ArrayList<>();
    private final Set<Said> disputed = new HashSet<>();

    Optional<String> answer(Asking asking) {
      Optional<Said> own = own(asking);
      if (own.isPresent() && disputed.contains(own.get())) {
        return Optional.of("conflict");
      }
      if (own.isPresent() && uses(asking, own.get())) {
        return confirmed(own.get()) ? Optional.of(word(own.get(), false)) : Optional.empty();
      }
      if (own.isPresent() && own.get().decides()) {
        return Optional.empty();
      }
      Set<String> words = new HashSet<>();
      for (Said other : facts) {
        if (!disputed.contains(other) && implies(other, asking) && confirmed(other)) {
          words.add(word(other, true));
        }
      }
      return words.size() > 1 ? Optional.of("conflict") : words.stream().findFirst();
    }

    String record(Said fresh) {
      Optional<Said> own = own(fresh.by());
      if (own.isEmpty()) {
        facts.add(fresh);
        return fresh.outcome().kind().word();
      }
      Said old = own.get();
      boolean contradicted =
          old.decides() && fresh.decides() && old.outcome().kind() != fresh.outcome().kind();
      if (contradicted) {
        disputed.add(old);
        return "conflict";
      }
      boolean replaces = fresh.decides() || (!old.decides() && !triedAsMuch(old.by(), fresh.by()));
      if (replaces) {
        facts.set(facts.indexOf(old), fresh);
        if (disputed.remove(old)) {
          disputed.add(fresh);
        }
      }
      return fresh.outcome().kind().word();
    }

    private Optional<Said> own(Asking asking) {
      return facts.stream().filter(said -> said.by().sameQuestion(asking)).findFirst();
    }

    private static boolean uses(Asking asking, Said said) {
      List<Rung> asked = asking.effort().rungs();
      boolean attacks = asked.contains(Rung.PGD);
      boolean rungAsked = asked.contains(said.outcome().rung());
      return switch (said.outcome().kind()) {
        case CERTIFIED -> rungAsked;
        case FALSIFIED ->
            !attacks
                || (rungAsked
                    && said.by().effort().seed() == asking.effort().seed()
                    && said.by().effort().attack().equals(asking.effort().attack()));
        case MISCLASSIFIED -> true;
        case UNKNOWN, TIMEOUT -> triedAsMuch(said.by(), asking);
        case CONFLICT -> throw new AssertionError("nobody says so");
      };
    }

    private static boolean triedAsMuch(Asking said, Asking asking) {
      boolean searches = asking.effort().rungs().contains(Rung.PGD);
      return said.version().equals(asking.version())
          && said.effort().timeoutMillis() >= asking.effort().timeoutMillis()
          && new HashSet<>(said.effort().rungs()).containsAll(asking.effort().rungs())
          && (!searches || said.effort().seed() == asking.effort().seed());
    }

    private static boolean implies(Said said, Asking asking) {
      if (!said.by().sameInput(asking) || said.by().sameQuestion(asking)) {
        return false;
      }
      boolean attacks = asking.effort().rungs().contains(Rung.PGD);
      boolean strongEnough =
          said.by().guarantee() == Guarantee.REAL || asking.guarantee() == Guarantee.NOMINAL;
      return switch (said.outcome().kind()) {
        case CERTIFIED ->
            strongEnough
                && said.by().contains(asking)
                && asking.effort().rungs().contains(said.outcome().rung());
        case FALSIFIED -> !attacks && asking.contains(said.by());
        case UNKNOWN, TIMEOUT, MISCLASSIFIED, CONFLICT -> false;
      };
    }

    private static boolean confirmed(Said said) {
      return said.outcome().counterexample().map(found -> found.point()[0] >= 0).orElse(true);
    }

    private static String word(Said said, boolean implied) {
      return (implied ? "implied " : "") + said.outcome().kind().word();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void sequence_anyQuestionsAndVerdicts_asThePlainListHasThem(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Reference reference = new Reference();
    Map<String, Integer> seen = new HashMap<>();
    Path file = folder.resolve("facts.db");
    Map<String, CertificateStore> stores = new HashMap<>();
    try {
      for (int step = 0; step < STEPS; step++) {
        Asking first = asking(random);
        // A second one may have asked the same before the first had its answer.
        List<Asking> both =
            random.nextInt(4) == 0 ? List.of(first, alike(first, random)) : List.of(first);
        List<Facts> facts = new ArrayList<>();
        for (Asking asking : both) {
          CertificateStore store =
              stores.computeIfAbsent(
                  asking.version(), version -> CertificateStore.open(file, Prover.of(version)));
          Facts its =
              store.about(
                  new StoredFacts.Subject(MODEL, "net.onnx"),
                  asking.effort(),
                  Set.of(),
                  new StoreExamples.Trusting());
          String known =
              its.known(List.of(asking.query())).stream()
                  .findFirst()
                  .map(StoreSequencesTest::word)
                  .orElse("");
          assertThat(known)
              .as("step %d of seed %d: %s", step, seed, asking)
              .isEqualTo(reference.answer(asking).orElse(""));
          seen.merge(known, 1, Integer::sum);
          facts.add(known.isEmpty() ? its : Facts.NONE);
        }
        for (int i = 0; i < both.size(); i++) {
          if (facts.get(i) != Facts.NONE) {
            Outcome outcome = outcome(both.get(i), random);
            Verdict counted = facts.get(i).record(List.of(verdict(both.get(i), outcome))).get(0);
            String expected = reference.record(new Said(both.get(i), outcome));
            assertThat(word(counted)).as("step %d of seed %d", step, seed).isEqualTo(expected);
            seen.merge("recorded " + expected, 1, Integer::sum);
          }
        }
      }
    } finally {
      stores.values().forEach(CertificateStore::close);
    }
    assertThat(seen.keySet())
        .as("every case came up")
        .contains(
            "",
            "certified",
            "falsified",
            "misclassified",
            "unknown",
            "timeout",
            "conflict",
            "implied certified",
            "implied falsified",
            "recorded conflict");
  }

  private static String word(Verdict verdict) {
    boolean implied = verdict.outcome() instanceof Outcome.Implied;
    return (implied ? "implied " : "") + verdict.kind().word();
  }

  private static Asking asking(SplittableRandom random) {
    return new Asking(
        random.nextInt(60),
        random.nextInt(3) / 8.0,
        random.nextBoolean(),
        random.nextBoolean() ? Guarantee.REAL : Guarantee.NOMINAL,
        effort(random),
        random.nextInt(4) == 0 ? "2.0" : "1.0");
  }

  private static Asking alike(Asking asking, SplittableRandom random) {
    return new Asking(
        asking.input(), asking.eps(), asking.clip(), asking.guarantee(), effort(random), "1.0");
  }

  private static SearchEffort effort(SplittableRandom random) {
    List<Rung> rungs = LADDERS.get(random.nextInt(LADDERS.size()));
    boolean attacks = rungs.contains(Rung.PGD);
    return new SearchEffort(
        rungs,
        attacks ? "quick" : "",
        attacks ? random.nextInt(2) : 0,
        1000L * (1 + random.nextInt(2)));
  }

  private static Outcome outcome(Asking asking, SplittableRandom random) {
    List<Rung> rungs = asking.effort().rungs();
    Rung rung = rungs.get(1 + random.nextInt(rungs.size() - 1));
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> StoreExamples.certified(rung);
      case 3, 4 -> StoreExamples.falsified(rung, random.nextInt(5) - 1);
      case 5 -> new Outcome.Misclassified();
      case 6, 7 -> StoreExamples.unknown();
      default -> StoreExamples.timeout();
    };
  }

  private static Verdict verdict(Asking asking, Outcome outcome) {
    Optional<MarginBounds> margins =
        outcome instanceof Outcome.Certified proof
            ? Optional.of(proof.margins())
            : Optional.empty();
    return new Verdict(
        asking.query().property(), OptionalInt.of(0), outcome, margins, asking.guarantee(), 1);
  }
}
