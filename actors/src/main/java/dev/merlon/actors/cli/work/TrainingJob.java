package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.report.RunSession;
import dev.merlon.actors.report.SessionFile;
import dev.merlon.actors.run.MadeDirectory;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.actors.training.StartFile;
import dev.merlon.actors.training.TrainingHandle;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.actors.training.TrainingProgress;
import dev.merlon.actors.training.TrainingRequest;
import dev.merlon.config.DataKind;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.config.RunSettings;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.tensor.MachineMemory;
import dev.merlon.model.training.MemoryEstimate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** One training run as a user sees it: estimates, progress, evaluation, summary. */
public final class TrainingJob {
  private static final Duration SHORTEST_MEASURING = Duration.ofMinutes(1);

  private final CommandContext context;

  /** One that talks to the user through this context. */
  public TrainingJob(CommandContext context) {
    this.context = context;
  }

  /**
   * What a user asked for.
   *
   * @param data where the files of the data set lie
   * @param directory the run directory
   * @param resume whether a run in it goes on
   * @param json whether the result is printed as JSON
   * @param from what the run starts from; empty where weights are drawn or the run goes on
   * @param invocation how the command was started
   * @param advice the command that goes on with this run, without the name of the program
   */
  public record Order(
      RunSettings settings,
      Optional<Path> data,
      RunDirectory directory,
      boolean resume,
      boolean json,
      Optional<Path> from,
      Invocation invocation,
      String advice) {

    private Order with(RunSettings resolved) {
      return new Order(resolved, data, directory, resume, json, from, invocation, advice);
    }
  }

  /**
   * Trains and evaluates, prints what came out, and gives the exit code.
   *
   * @throws MerlonException when it cannot be done
   */
  public ExitCode run(Order asked) {
    long start = System.nanoTime();
    SessionFile session =
        new SessionFile(
            asked.directory(),
            asked.invocation().command(),
            asked.invocation().version(),
            note -> context.console().say("Note: " + Sentence.of(note)));
    TrainingRequest request = request(asked);
    Order order = asked.with(request.settings());
    MemoryEstimate estimate = estimate(request);
    MemoryCheck.require(estimate, MachineMemory.available());
    Dataset test = request.images().test();
    MadeDirectory made = MadeDirectory.of(order.directory());
    announce(order, estimate);
    request.start().ifPresent(this::announce);
    context.log().openRun(order.directory(), context.console());
    // Between its parts nothing has to be stopped, but what came out so far has to be said.
    try (var registration = context.interrupts().during(code -> {})) {
      return trained(order, request, new Parts(test, made, session), start);
    } finally {
      session.end(RunSession.Outcome.FAILED);
    }
  }

  /** What a run works with. */
  private record Parts(Dataset test, MadeDirectory made, SessionFile session) {}

  private ExitCode trained(Order order, TrainingRequest request, Parts parts, long start) {
    Optional<Evaluation.Result> evaluated = Optional.empty();
    TrainingOutcome outcome;
    try (ActorHost host = ActorHost.start()) {
      outcome = train(host, order, request, parts.session());
      if (outcome instanceof TrainingOutcome.Completed completed
          && context.interrupts().raised().isEmpty()) {
        evaluated =
            Optional.of(
                new Evaluation(context, host, parts.session())
                    .run(order.settings(), parts.test(), completed));
      }
    }
    if (outcome instanceof TrainingOutcome.Parked parked) {
      throw ended(parked, parts.made());
    }
    parts.session().end(RunSession.Outcome.STOPPED);
    ReportJob.Page page =
        evaluated
            .map(result -> report(order, parts.test(), result, start))
            .orElse(ReportJob.Page.NONE);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return conclude(order, outcome, evaluated, page, elapsed);
  }

  // What the user has to correct is said in a line: a directory with a log of it alone is of no
  // use.
  private MerlonException ended(TrainingOutcome.Parked parked, MadeDirectory made) {
    if (ExitCode.of(parked.failure()) == ExitCode.USAGE) {
      context.log().close();
      made.undo();
    }
    return new MerlonException(parked.failure());
  }

  // Measuring for the report takes a tenth of the time that the run took, or a minute.
  private ReportJob.Page report(Order order, Dataset test, Evaluation.Result result, long start) {
    long patience = Math.max(SHORTEST_MEASURING.toNanos(), (System.nanoTime() - start) / 10);
    return result.summary().complete() && context.interrupts().raised().isEmpty()
        ? new ReportJob(context)
            .afterTraining(order.settings(), test, order.directory(), Duration.ofNanos(patience))
        : ReportJob.Page.NONE;
  }

  private TrainingRequest request(Order order) {
    RunSettings settings = order.settings();
    DataKind kind = settings.data().kind();
    if (kind.files() && order.data().isEmpty()) {
      throw new MerlonException(
          new Failure.Configuration(
              settings.name() + " trains on " + kind.word() + ", whose files are not named",
              "Add --data DIR with the directory of its files"
                  + (kind == DataKind.FOLDER
                      ? "."
                      : "; `merlon data fetch " + kind.word() + " --to DIR` gets them.")));
    }
    Evaluation.requireThreats(settings);
    return TrainingRequest.of(
            settings,
            order.data(),
            DecodedImages.cache(context.console()),
            order.directory().path(),
            order.resume())
        .startingFrom(order.from());
  }

  private static MemoryEstimate estimate(TrainingRequest request) {
    RunSettings settings = request.settings();
    RadiusCheck.require(Evaluation.sets(settings), request.images().shape());
    return MemoryEstimate.of(settings, request.startPoint().network());
  }

  private void announce(Order order, MemoryEstimate estimate) {
    RunSettings settings = order.settings();
    Console console = context.console();
    console.say(
        String.format(
            Locale.ROOT,
            "Training %s: %s with %,d parameters, objective %s, %s, %s, seed %d",
            settings.name(),
            settings.networkName(),
            estimate.cost().trainable(),
            settings.objective().kind(),
            settings.against(),
            Amounts.count(settings.epochs(), "epoch"),
            settings.seed()));
    console.say("Run directory: " + order.directory());
    console.say(
        String.format(
            Locale.ROOT,
            "Memory: about %s, of which %s for steps in batches of %d images",
            Amounts.bytes(estimate.runBytes()),
            Amounts.bytes(estimate.stepBytes()),
            estimate.microBatch()));
  }

  private void announce(StartFile start) {
    Console console = context.console();
    console.say(
        "Start: network and weights of %s, sha256 %s; network.* and initialisation have no influence"
            .formatted(start.name(), start.sha256()));
    start.model().warnings().forEach(warning -> console.say("Note: " + Sentence.of(warning)));
  }

  private TrainingOutcome train(
      ActorHost host, Order order, TrainingRequest request, SessionFile session) {
    try (TrainingView view = new TrainingView(context.console(), order.resume())) {
      TrainingHandle handle = host.train(request, event -> show(event, view, session));
      try (var registration = context.interrupts().during(code -> stop(handle, view))) {
        return Waiting.forResult(handle.outcome());
      }
    }
  }

  private static void show(TrainingProgress event, TrainingView view, SessionFile session) {
    if (event instanceof TrainingProgress.Started) {
      session.begin();
    }
    view.show(event);
  }

  private static void stop(TrainingHandle handle, TrainingView view) {
    view.say("Stopping after a checkpoint; a second Ctrl-C ends at once");
    handle.stop();
  }

  private ExitCode conclude(
      Order order,
      TrainingOutcome outcome,
      Optional<Evaluation.Result> evaluated,
      ReportJob.Page page,
      Duration elapsed) {
    Optional<ExitCode> interrupted = context.interrupts().raised();
    if (outcome instanceof TrainingOutcome.Stopped stopped) {
      context.console().say(stopped(stopped));
      context.console().say("Go on with: " + context.merlon() + " " + order.advice());
      return interrupted.orElse(ExitCode.INTERRUPTED);
    }
    if (evaluated.isEmpty() || !evaluated.get().summary().complete()) {
      context.console().say("Stopped before the model was certified; it is trained");
      context.console().say("Go on with: " + context.merlon() + " " + order.advice());
      return interrupted.orElse(ExitCode.INTERRUPTED);
    }
    var completed = (TrainingOutcome.Completed) outcome;
    Evaluation.Result result = evaluated.get();
    Console console = context.console();
    if (order.json()) {
      console.print(Json.line(Reports.training(completed, result.summary(), elapsed)));
    } else {
      result.text().forEach(console::print);
      page.file().ifPresent(file -> console.print("Report        " + file));
    }
    return interrupted.orElse(result.code() == ExitCode.DONE ? page.code() : result.code());
  }

  private static String stopped(TrainingOutcome.Stopped stopped) {
    String where =
        String.format(
            Locale.ROOT, "Stopped after step %,d of %,d", stopped.steps(), stopped.totalSteps());
    return stopped
        .checkpoint()
        .map(file -> where + ", checkpoint " + file)
        .orElse(where + ", before there was anything to keep");
  }
}
