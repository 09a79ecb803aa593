package dev.merlon.actors.link;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.merlon.config.failure.FirstLine;
import dev.merlon.proto.Envelope;
import dev.merlon.proto.Ping;
import dev.merlon.proto.Pong;
import dev.merlon.proto.Stop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Owns one child process and its link: starts it, passes frames in both directions, watches that it
 * lives, and says once how it ended. It never starts it again; that is for its owner to decide.
 * When the actor stops, the process is killed.
 */
public final class EngineProcess extends AbstractBehavior<EngineProcess.Command> {
  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final Duration LAST_BREATH = Duration.ofSeconds(5);
  private static final int SIGNALLED = 128;
  private static final int TERM = 15;

  /** What the actor can be told. */
  public sealed interface Command {}

  /** Sends a frame about an order. */
  public record Send(LinkFrame frame) implements Command {}

  /** Sends a message that overtakes all frames. */
  public record Urge(Envelope envelope) implements Command {}

  /** Asks the process to end its work and itself, and kills it when it has not within that time. */
  public record End(Duration grace) implements Command {}

  private record Connected(Lane control, Lane bulk) implements Command {}

  private record Came(LinkFrame frame) implements Command {}

  private record LaneGone(Optional<IOException> why) implements Command {}

  private record Exited(int code) implements Command {}

  private record NotStarted(String reason) implements Command {}

  private record Tick() implements Command {}

  private record Overdue(EngineEnd end) implements Command {}

  /** What its owner is told, in the order it happens. */
  public sealed interface Event {}

  /** It is connected; frames sent before are on their way. */
  public record Started(long pid) implements Event {}

  /** It sent a frame about an order. */
  public record Received(LinkFrame frame) implements Event {}

  /** A sign of life. */
  public record Beat(Pong pong) implements Event {}

  /** It is gone, after everything that it sent. The actor stops. */
  public record Ended(EngineEnd end) implements Event {}

  private final EngineSpec spec;
  private final ActorRef<Event> owner;
  private final TimerScheduler<Command> timers;
  private final EngineStart start;
  private final List<LinkFrame> early = new ArrayList<>();
  private Optional<Lane> control = Optional.empty();
  private Optional<Lane> bulk = Optional.empty();
  private int openLanes;
  private Optional<Integer> exit = Optional.empty();
  private Optional<EngineEnd> killedFor = Optional.empty();
  private long pings;
  private long lastSign = System.nanoTime();

  private EngineProcess(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      EngineSpec spec,
      LinkFolder folder,
      ActorRef<Event> owner) {
    super(context);
    this.spec = spec;
    this.owner = owner;
    this.timers = timers;
    this.start = EngineStart.begin(spec, folder, new Starting(context.getSelf()));
    timers.startSingleTimer(
        "startup",
        new Overdue(
            new EngineEnd.NotStarted(
                "it was not up within " + spec.startup().toSeconds() + " s, see " + spec.log())),
        spec.startup());
  }

  /** Starts a process. */
  public static Behavior<Command> create(
      EngineSpec spec, LinkFolder folder, ActorRef<Event> owner) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new EngineProcess(context, timers, spec, folder, owner)));
  }

  /** What starting tells the actor, from threads of its own. */
  private record Starting(ActorRef<Command> self) implements EngineStart.Listener {
    @Override
    public void connected(String name, LinkSocket.Connected sockets) {
      Lane control = lane(name + "-control", sockets.control());
      Lane bulk = lane(name + "-bulk", sockets.bulk());
      self.tell(new Connected(control, bulk));
    }

    private Lane lane(String name, FrameSocket socket) {
      return new Lane(
          name, socket, frame -> self.tell(new Came(frame)), why -> self.tell(new LaneGone(why)));
    }

    @Override
    public void failed(String reason) {
      self.tell(new NotStarted(reason));
    }

    @Override
    public void exited(int code) {
      self.tell(new Exited(code));
    }
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Send.class, this::onSend)
        .onMessage(Urge.class, this::onUrge)
        .onMessage(End.class, this::onEnd)
        .onMessage(Connected.class, this::onConnected)
        .onMessage(Came.class, this::onCame)
        .onMessage(LaneGone.class, this::onLaneGone)
        .onMessage(Exited.class, this::onExited)
        .onMessage(NotStarted.class, this::onNotStarted)
        .onMessage(Tick.class, this::onTick)
        .onMessage(Overdue.class, this::onOverdue)
        .onSignal(PostStop.class, signal -> onStopped())
        .build();
  }

  private Behavior<Command> onSend(Send send) {
    if (bulk.isEmpty()) {
      early.add(send.frame());
    } else if (!bulk.get().offer(send.frame())) {
      notRead();
    }
    return this;
  }

  private Behavior<Command> onUrge(Urge urge) {
    if (!control.map(lane -> lane.offer(LinkFrame.of(urge.envelope()))).orElse(true)) {
      notRead();
    }
    return this;
  }

  // A lane that has no room is one that nobody reads, or one that is closed, which is seen anyway.
  private void notRead() {
    if (openLanes == 2 && exit.isEmpty()) {
      kill(new EngineEnd.Hung(silence()));
    }
  }

  private Behavior<Command> onEnd(End end) {
    if (control.isEmpty()) {
      kill(new EngineEnd.Overdue(Duration.ZERO));
      return this;
    }
    Stop stop = Stop.newBuilder().setProcess(true).build();
    onUrge(new Urge(Envelope.newBuilder().setStop(stop).build()));
    timers.startSingleTimer("end", new Overdue(new EngineEnd.Overdue(end.grace())), end.grace());
    return this;
  }

  private Behavior<Command> onConnected(Connected connected) {
    timers.cancel("startup");
    control = Optional.of(connected.control());
    bulk = Optional.of(connected.bulk());
    openLanes = 2;
    lastSign = System.nanoTime();
    connected.control().start();
    connected.bulk().start();
    timers.startTimerAtFixedRate("beat", new Tick(), BEAT);
    owner.tell(new Started(start.pid()));
    early.forEach(frame -> onSend(new Send(frame)));
    early.clear();
    return this;
  }

  private Behavior<Command> onCame(Came came) {
    lastSign = System.nanoTime();
    Envelope envelope = came.frame().envelope();
    owner.tell(envelope.hasPong() ? new Beat(envelope.getPong()) : new Received(came.frame()));
    return this;
  }

  private Behavior<Command> onTick(Tick tick) {
    if (silence().compareTo(spec.silence()) > 0) {
      kill(new EngineEnd.Hung(silence()));
    } else if (exit.isEmpty()) {
      Ping ping = Ping.newBuilder().setNumber(++pings).build();
      onUrge(new Urge(Envelope.newBuilder().setPing(ping).build()));
    }
    return this;
  }

  private Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastSign);
  }

  private Behavior<Command> onLaneGone(LaneGone gone) {
    openLanes--;
    if (exit.isEmpty()) {
      // It is about to end, unless only a lane broke.
      timers.startSingleTimer(
          "last breath",
          new Overdue(
              new EngineEnd.Garbled(gone.why().map(FirstLine::of).orElse("it closed a socket"))),
          LAST_BREATH);
    }
    return endedIfGone();
  }

  private Behavior<Command> onExited(Exited exited) {
    exit = Optional.of(exited.code());
    return endedIfGone();
  }

  private Behavior<Command> endedIfGone() {
    if (exit.isEmpty() || openLanes > 0) {
      return this;
    }
    EngineEnd how = killedFor.orElseGet(() -> end(exit.get()));
    owner.tell(new Ended(how));
    return Behaviors.stopped();
  }

  private EngineEnd end(int code) {
    if (control.isEmpty()) {
      return new EngineEnd.NotStarted("it ended with code " + code + ", see " + spec.log());
    }
    return code > SIGNALLED && code != SIGNALLED + TERM
        ? new EngineEnd.Killed(code - SIGNALLED)
        : new EngineEnd.Exited(code);
  }

  private Behavior<Command> onNotStarted(NotStarted failed) {
    owner.tell(new Ended(new EngineEnd.NotStarted(failed.reason())));
    return Behaviors.stopped();
  }

  private Behavior<Command> onOverdue(Overdue overdue) {
    if (exit.isEmpty()) {
      kill(overdue.end());
    }
    return this;
  }

  private void kill(EngineEnd why) {
    if (killedFor.isEmpty()) {
      killedFor = Optional.of(why);
    }
    start.kill();
  }

  private Behavior<Command> onStopped() {
    start.kill();
    control.ifPresent(Lane::close);
    bulk.ifPresent(Lane::close);
    return this;
  }
}
