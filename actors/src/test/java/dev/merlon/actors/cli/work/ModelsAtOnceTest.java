package dev.merlon.actors.cli.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.cases.CaseFile;
import dev.merlon.model.verify.cases.VerificationCase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ModelsAtOnceTest {
  private final List<Fake> started = new ArrayList<>();
  private final List<Fake> concluded = new ArrayList<>();
  private int mostAtOnce;

  @Test
  void run_moreModelsThanVerifiers_haveOneEachAndNeverMoreAtOnce() {
    run(2, work(Fake::end), models(1, 1, 1, 1, 1));

    assertThat(concluded).hasSize(5).containsExactlyInAnyOrderElementsOf(started);
    assertThat(mostAtOnce).isEqualTo(2);
    assertThat(started).allSatisfy(fake -> assertThat(fake.verifiers).isOne());
  }

  @Test
  void run_oneModel_getsAllVerifiersThatItsCasesNeed() {
    run(5, work(fake -> fake.endAt(3)), models(3));

    assertThat(started).extracting(fake -> fake.verifiers).containsExactly(3);
  }

  @Test
  void run_lastModel_getsTheVerifiersThatAreFree() {
    run(2, work(fake -> fake.endAt(fake.cases == 1 ? 1 : 2)), models(1, 9));

    assertThat(started).extracting(fake -> fake.verifiers).containsExactly(1, 2);
    assertThat(concluded).extracting(fake -> fake.cases).containsExactly(1, 9);
  }

  @Test
  void run_modelThatIsNotStarted_takesNoVerifier() {
    run(1, work(fake -> fake.endAt(fake.cases == 1 ? 0 : 1)), models(1, 2, 1, 3));

    assertThat(concluded).extracting(fake -> fake.cases).containsExactly(2, 3);
  }

  @Test
  void run_conclusionThatFails_endsWhatIsInProgressAndStartsNoOther() {
    var work =
        new Recording(fake -> fake.endAt(fake.cases == 1 ? 1 : 99)) {
          @Override
          public void conclude(Fake ended) {
            throw new IllegalStateException("disk full");
          }
        };

    assertThatThrownBy(() -> run(2, work, models(1, 9, 8))).hasMessage("disk full");
    assertThat(started).extracting(fake -> fake.cases).containsExactly(1, 9);
    assertThat(started).allSatisfy(fake -> assertThat(fake.ended).isCompleted());
  }

  private void run(int verifiers, Recording work, List<CaseFile.Group> groups) {
    new ModelsAtOnce<>(verifiers, groups, work).run();
  }

  private Recording work(Consumer<Fake> plan) {
    return new Recording(plan);
  }

  private static List<CaseFile.Group> models(int... cases) {
    return IntStream.of(cases).mapToObj(ModelsAtOnceTest::model).toList();
  }

  private static CaseFile.Group model(int cases) {
    Path model = Path.of("model.onnx");
    PerturbationSet set = new NormBall(new LInf(), 0.1, true);
    List<VerificationCase> all =
        IntStream.range(0, cases)
            .mapToObj(
                i ->
                    new VerificationCase(
                        "c" + i, model, model, i, 0, set, Optional.empty(), Optional.empty()))
            .toList();
    return new CaseFile.Group(
        model, new Shape(1, 28, 28), Optional.empty(), Duration.ofSeconds(1), all);
  }

  private class Recording implements ModelsAtOnce.Work<Fake> {
    private final Consumer<Fake> plan;

    Recording(Consumer<Fake> plan) {
      this.plan = plan;
    }

    @Override
    public Optional<Fake> start(CaseFile.Group group) {
      Fake fake = new Fake(group.cases().size());
      plan.accept(fake);
      if (fake.verifiersToEnd == 0) {
        return Optional.empty();
      }
      started.add(fake);
      mostAtOnce = Math.max(mostAtOnce, started.size() - concluded.size());
      return Optional.of(fake);
    }

    @Override
    public void conclude(Fake ended) {
      concluded.add(ended);
    }
  }

  /** Ends when it has so many verifiers, or when it is cancelled. */
  private static final class Fake implements ModelsAtOnce.Model {
    private final int cases;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private int verifiers = 1;
    private int verifiersToEnd;

    Fake(int cases) {
      this.cases = cases;
    }

    void end() {
      endAt(1);
    }

    void endAt(int wanted) {
      verifiersToEnd = wanted;
      if (wanted == 1) {
        ended.complete("done");
      }
    }

    @Override
    public int cases() {
      return cases;
    }

    @Override
    public void grow() {
      verifiers++;
      if (verifiers == verifiersToEnd) {
        ended.complete("done");
      }
    }

    @Override
    public void cancel() {
      ended.complete("cancelled");
    }

    @Override
    public CompletionStage<String> ended() {
      return ended;
    }
  }
}
