package dev.merlon.actors.link;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import dev.merlon.proto.Dump;
import dev.merlon.proto.Envelope;
import dev.merlon.proto.TensorHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineProcessTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private LinkFolder links;
  private final TestProbe<EngineProcess.Event> owner = KIT.createTestProbe();

  @AfterAll
  static void stopSystem() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void makeFolder() throws IOException {
    links = LinkFolder.make();
  }

  @AfterEach
  void removeFolder() throws IOException {
    links.close();
  }

  @Test
  void send_framesBeforeItIsUp_comeInOrderWithTheirTensors() {
    ActorRef<EngineProcess.Command> engine = engine("");
    List<LinkFrame> sent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      sent.add(numbered(i));
      engine.tell(new EngineProcess.Send(sent.get(i)));
    }

    started();
    assertThat(Stream.generate(this::received).limit(20)).containsExactlyElementsOf(sent);
    end(engine);
  }

  @Test
  void end_childThatObeys_exitsByItself() {
    ActorRef<EngineProcess.Command> engine = engine("");
    started();

    engine.tell(new EngineProcess.End(LONG));

    assertThat(ended()).isEqualTo(new EngineEnd.Exited(4));
  }

  @Test
  void end_childThatDoesNot_isKilledAfterTheGrace() {
    ActorRef<EngineProcess.Command> engine = engine("stubborn");
    long pid = started();
    Duration grace = Duration.ofMillis(300);

    engine.tell(new EngineProcess.End(grace));

    assertThat(ended()).isEqualTo(new EngineEnd.Overdue(grace));
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void ended_childExits_comesAfterEverythingThatItSent() {
    ActorRef<EngineProcess.Command> engine = engine("");
    engine.tell(new EngineProcess.Send(TestChild.command("exit")));
    started();

    for (int i = 0; i < 200; i++) {
      assertThat(received()).isEqualTo(TestChild.said("last " + i));
    }
    assertThat(ended()).isEqualTo(new EngineEnd.Exited(5));
  }

  @Test
  void ended_nativeCodeCrashes_saysTheSignal() {
    ActorRef<EngineProcess.Command> engine = engine("");
    engine.tell(new EngineProcess.Send(TestChild.command("crash")));
    started();

    EngineEnd end = ended();

    // The JVM writes its report and aborts itself.
    assertThat(end).isEqualTo(new EngineEnd.Killed(6));
    assertThat(end.words()).isEqualTo("crashed (signal 6)");
  }

  @Test
  void ended_somebodyKillsIt_saysTheSignal() {
    ActorRef<EngineProcess.Command> engine = engine("");
    engine.tell(new EngineProcess.Send(TestChild.command("kill")));
    started();

    assertThat(ended()).isEqualTo(new EngineEnd.Killed(9));
  }

  @Test
  void ended_childGivesNoSignOfLife_isKilled() {
    ActorRef<EngineProcess.Command> engine = engine("", Duration.ofSeconds(3));
    long pid = started();
    engine.tell(new EngineProcess.Send(TestChild.command("stop")));

    assertThat(ended()).isInstanceOf(EngineEnd.Hung.class);
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void ended_childExitsBeforeItConnects_couldNotBeStarted() {
    engine("exit");

    assertThat(ended())
        .isInstanceOfSatisfying(
            EngineEnd.NotStarted.class, end -> assertThat(end.reason()).contains("code 7"));
  }

  @Test
  void ended_childDoesNotConnectInTime_isKilled() {
    KIT.spawn(
        EngineProcess.create(spec("sleep", LONG, Duration.ofMillis(500)), links, owner.getRef()));

    assertThat(ended())
        .isInstanceOfSatisfying(
            EngineEnd.NotStarted.class, end -> assertThat(end.reason()).contains("not up within"));
  }

  @Test
  void ended_childDoesNotKnowTheSecret_isNotLetIn() {
    KIT.spawn(
        EngineProcess.create(
            spec("wrong-secret", LONG, Duration.ofSeconds(5)), links, owner.getRef()));

    assertThat(ended()).isInstanceOf(EngineEnd.NotStarted.class);
  }

  @Test
  void ended_noSuchProgram_saysSo() {
    EngineSpec spec =
        new EngineSpec("none", List.of("/no/such"), Map.of(), folder.resolve("log"), 0, LONG, LONG);
    KIT.spawn(EngineProcess.create(spec, links, owner.getRef()));

    assertThat(ended())
        .isInstanceOfSatisfying(
            EngineEnd.NotStarted.class, end -> assertThat(end.reason()).contains("/no/such"));
  }

  @Test
  void beat_workThatTakesLong_isTold() {
    ActorRef<EngineProcess.Command> engine = engine("");
    started();
    engine.tell(new EngineProcess.Send(TestChild.command("busy")));

    EngineProcess.Beat busy =
        (EngineProcess.Beat)
            owner
                .fishForMessage(
                    LONG,
                    event ->
                        event instanceof EngineProcess.Beat beat && beat.pong().getBusyMillis() > 0
                            ? FishingOutcomes.complete()
                            : FishingOutcomes.continueAndIgnore())
                .get(0);

    assertThat(busy.pong().getProgress()).isEqualTo(2);
    assertThat(busy.pong().getResidentBytes()).isGreaterThan(1 << 20);
    end(engine);
  }

  @Test
  void stop_ofTheActor_killsTheProcessWhichNoticesItsParentsEnd() {
    ActorRef<EngineProcess.Command> engine = engine("");
    long pid = started();
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();

    KIT.stop(engine);

    process.onExit().join();
  }

  @Test
  void dump_runningChild_writesItsThreadsToTheLog() throws Exception {
    ActorRef<EngineProcess.Command> engine = engine("");
    started();
    engine.tell(
        new EngineProcess.Urge(Envelope.newBuilder().setDump(Dump.getDefaultInstance()).build()));
    end(engine);

    assertThat(Files.readString(folder.resolve("child.log"))).contains("merlon-control-reader");
  }

  private ActorRef<EngineProcess.Command> engine(String kind) {
    return engine(kind, LONG);
  }

  private ActorRef<EngineProcess.Command> engine(String kind, Duration silence) {
    return KIT.spawn(EngineProcess.create(spec(kind, silence, LONG), links, owner.getRef()));
  }

  private EngineSpec spec(String kind, Duration silence, Duration startup) {
    return new EngineSpec(
        "test child",
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ErrorFile=" + folder.resolve("crash.log"),
            "-cp",
            System.getProperty("java.class.path"),
            TestChild.class.getName(),
            kind),
        Map.of(),
        folder.resolve("child.log"),
        1 << 20,
        startup,
        silence);
  }

  private static LinkFrame numbered(int number) {
    byte[] bytes = new byte[number * 1000];
    Arrays.fill(bytes, (byte) number);
    return new LinkFrame(
        Envelope.newBuilder()
            .setOrder(number)
            .addTensors(TensorHeader.newBuilder().setBytes(bytes.length))
            .build(),
        List.of(ByteBuffer.wrap(bytes)));
  }

  private long started() {
    return next(EngineProcess.Started.class).pid();
  }

  private LinkFrame received() {
    return next(EngineProcess.Received.class).frame();
  }

  private EngineEnd ended() {
    EngineProcess.Event event = notABeat();
    while (event instanceof EngineProcess.Started) {
      event = notABeat();
    }
    assertThat(event).isInstanceOf(EngineProcess.Ended.class);
    return ((EngineProcess.Ended) event).end();
  }

  private <T extends EngineProcess.Event> T next(Class<T> kind) {
    EngineProcess.Event event = notABeat();
    assertThat(event).isInstanceOf(kind);
    return kind.cast(event);
  }

  private EngineProcess.Event notABeat() {
    EngineProcess.Event event = owner.receiveMessage(LONG);
    while (event instanceof EngineProcess.Beat) {
      event = owner.receiveMessage(LONG);
    }
    return event;
  }

  private void end(ActorRef<EngineProcess.Command> engine) {
    engine.tell(new EngineProcess.End(LONG));
    assertThat(ended()).isEqualTo(new EngineEnd.Exited(4));
  }
}
