package dev.merlon.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.training.Learner;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.StepLosses;
import dev.merlon.model.training.StepReport;
import dev.merlon.model.training.Weights;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceWorkerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final RunSettings SETTINGS =
      Settings.load(
          "demo",
          List.of("network.preset=mlp", "network.width=4", "objective.attack.steps=1", "epochs=3"));
  private static final Network NETWORK =
      Architectures.build(SETTINGS.network(), 0.1, new Shape(1, 2, 2), 3);
  private static final Schedules SCHEDULES = Schedules.of(SETTINGS, 4);
  private static final Phase FIRST = SCHEDULES.phase(0);
  private static final Phase SECOND = SCHEDULES.phase(1);

  private final Set<String> threads = ConcurrentHashMap.newKeySet();
  private ActorRef<DeviceWorker.Command> worker;

  @BeforeEach
  void spawnWorker() {
    worker = KIT.spawn(DeviceWorker.create("cpu", this::learner), DeviceWorker.PROPS);
  }

  @AfterEach
  void stopWorker() {
    KIT.stop(worker, PATIENCE);
    assertThat(NativeMemory.openScopes()).isEmpty();
  }

  @AfterAll
  static void stopSystem() {
    KIT.shutdownTestKit();
  }

  @Test
  void anyCommand_beforeLoad_isAnsweredWithItsFailure() {
    assertThat(failure(DeviceWorker.TakeSnapshot::new))
        .hasMessageContaining("before it was loaded");
  }

  @Test
  void step_inItsParts_movesTheWeightsByOneUpdate() {
    LearnerState before = load(Optional.empty());

    StepReport report = step(FIRST);

    assertThat(report.updates()).isEqualTo(1);
    assertThat(state()).isNotEqualTo(before);
    assertThat(state().optimizer().steps()).isEqualTo(1);
  }

  @Test
  void load_savedState_replaysToTheSameBits() {
    load(Optional.empty());
    step(FIRST);
    LearnerState saved = state();
    step(SECOND);
    LearnerState end = state();

    load(Optional.of(saved));
    assertThat(state()).isEqualTo(saved);
    step(SECOND);

    assertThat(state()).isEqualTo(end);
  }

  @Test
  void load_withoutState_startsAnew() {
    LearnerState start = load(Optional.empty());
    step(FIRST);

    assertThat(load(Optional.empty())).isEqualTo(start);
  }

  @Test
  void forward_handleSpent_isRefused() {
    load(Optional.empty());
    AttackedHandle handle = search(FIRST);
    this.<StepLosses>ask(to -> new DeviceWorker.Forward(handle, FIRST, to));
    worker.tell(new DeviceWorker.Abandon());

    assertThat(
            failure(
                (ActorRef<StatusReply<StepLosses>> to) ->
                    new DeviceWorker.Forward(handle, FIRST, to)))
        .hasMessageContaining("holds no batch");
  }

  @Test
  void forward_handleOfAnEarlierGeneration_isRefused() {
    LearnerState start = load(Optional.empty());
    AttackedHandle old = search(FIRST);
    load(Optional.of(start));

    AttackedHandle fresh = search(FIRST);

    assertThat(fresh.generation()).isGreaterThan(old.generation());
    assertThat(
            failure(
                (ActorRef<StatusReply<StepLosses>> to) -> new DeviceWorker.Forward(old, FIRST, to)))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused -> assertThat(refused.failure()).isInstanceOf(Failure.Internal.class));
  }

  @Test
  void abandon_openStep_leavesTheWeights() {
    LearnerState start = load(Optional.empty());
    AttackedHandle handle = search(FIRST);
    this.<StepLosses>ask(to -> new DeviceWorker.Forward(handle, FIRST, to));
    search(SECOND);

    worker.tell(new DeviceWorker.Abandon());

    assertThat(state()).isEqualTo(start);
    assertThat(step(FIRST).updates()).isEqualTo(1);
  }

  @Test
  void statistics_overBatches_changeOnlyStatistics() {
    LearnerState start = load(Optional.empty());
    this.<Done>ask(to -> new DeviceWorker.BeginStatistics(Weights.TRAINED, to));
    this.<Done>ask(to -> new DeviceWorker.AddStatistics(batch(0), to));
    assertThat(state()).isEqualTo(start);
    this.<Done>ask(DeviceWorker.FinishStatistics::new);

    LearnerState end = state();
    assertThat(end.optimizer()).isEqualTo(start.optimizer());
    end.values()
        .tensors()
        .forEach(
            (name, value) -> {
              if (name.contains("running")) {
                assertThat(value).as(name).isNotEqualTo(start.values().get(name));
              } else {
                assertThat(value).as(name).isEqualTo(start.values().get(name));
              }
            });
  }

  @Test
  void commands_all_runOnOneThreadOfTheirOwn() {
    load(Optional.empty());
    load(Optional.empty());
    load(Optional.empty());

    assertThat(threads).singleElement().asString().contains("merlon.dispatchers.device");
  }

  @Test
  void close_withOpenWork_freesEveryTensor() {
    load(Optional.empty());
    AttackedHandle handle = search(FIRST);
    search(SECOND);
    this.<StepLosses>ask(to -> new DeviceWorker.Forward(handle, FIRST, to));
    this.<Done>ask(to -> new DeviceWorker.BeginStatistics(Weights.TRAINED, to));

    KIT.stop(worker, PATIENCE);

    assertThat(NativeMemory.openScopes()).isEmpty();
  }

  private Learner learner() {
    threads.add(Thread.currentThread().getName());
    var initial = new Initialiser(SETTINGS.initialisation()).draw(NETWORK, 1);
    return Learner.create(SETTINGS, NETWORK, initial, Device.cpu());
  }

  private LearnerState load(Optional<LearnerState> state) {
    this.<Done>ask(to -> new DeviceWorker.Load(state, to));
    return state();
  }

  private LearnerState state() {
    return ask(DeviceWorker.TakeSnapshot::new);
  }

  private AttackedHandle search(Phase phase) {
    return ask(to -> new DeviceWorker.Search(batch(phase.step()), phase, to));
  }

  private StepReport step(Phase phase) {
    AttackedHandle handle = search(phase);
    this.<StepLosses>ask(to -> new DeviceWorker.Forward(handle, phase, to));
    this.<Done>ask(DeviceWorker.Backward::new);
    return ask(to -> new DeviceWorker.ApplyUpdate(phase, to));
  }

  private <T> T ask(Function<ActorRef<StatusReply<T>>, DeviceWorker.Command> question) {
    return reply(question).getValue();
  }

  private <T> Throwable failure(Function<ActorRef<StatusReply<T>>, DeviceWorker.Command> question) {
    return reply(question).getError();
  }

  private <T> StatusReply<T> reply(
      Function<ActorRef<StatusReply<T>>, DeviceWorker.Command> question) {
    TestProbe<StatusReply<T>> probe = KIT.createTestProbe();
    worker.tell(question.apply(probe.getRef()));
    return probe.receiveMessage(PATIENCE);
  }

  private static Batch batch(int step) {
    float[] pixels = new float[6 * 4];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = ((i * 37 + step * 11) % 100) / 100f;
    }
    return new Batch(
        new Cursor(0, step), step, new ImageShape(1, 2, 2), pixels, new int[] {0, 1, 2, 2, 1, 0});
  }
}
