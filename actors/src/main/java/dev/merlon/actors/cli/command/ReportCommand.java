package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.option.TimeSpan;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.ReportConsole;
import dev.merlon.actors.job.JobSpec;
import dev.merlon.actors.report.SolvingExactly;
import dev.merlon.config.failure.MerlonException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a page about one run, or about several side by side. */
@Command(
    name = "report",
    sortOptions = false,
    customSynopsis = "merlon report RUN_DIR... [OPTIONS]",
    description = {
      "Write a page with the figures of a run: accuracies, losses, tightness of bounds, ReLU"
          + " states, bounds of sample inputs, confusion. With several runs, compare them."
    },
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "The page is one file that needs nothing else. It says what was not measured.",
      "Examples:",
      "  merlon report runs/demo",
      "  merlon report runs/mnist-cnn3-ibp-0.1 --data data/mnist",
      "  merlon report runs/seed-1 runs/seed-2 --out seeds",
      "  merlon report runs/small-ibp --data data/mnist --exact 100"
    })
public final class ReportCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "RUN_DIR",
      arity = "1..*",
      description = "Run directories. Differences are to the first.")
  private List<Path> runs = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where the files of the runs' data set lie, to measure their models. Not needed where it"
              + " is drawn (demo), or where it was measured before.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "500",
      description = "Measure on the first N test images. Default: 500.")
  private int images = 500;

  @Option(
      names = "--exact",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Find the worst cases of the first N test images exactly, by mixed-integer programs, and"
              + " draw how far training's approximations are from them. For small networks: seconds"
              + " to minutes an image. Default: 0.")
  private int exact = 0;

  @Option(
      names = "--exact-limit",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      defaultValue = "60s",
      description = "Time for each of them, such as 30s or 5min. Default: 60s.")
  private Duration exactLimit = Duration.ofMinutes(1);

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where page and figures go. Default: report/ in the run directory; for several runs"
              + " comparison/ here.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object with the page's path at the end.")
  private boolean json;

  /** The command, run in this process. */
  public ReportCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (images < 1) {
      throw MerlonException.configuration(
          "--images is " + images + ": must be at least 1", "Give a number above 0.");
    }
    if (exact < 0) {
      throw MerlonException.configuration(
          "--exact is " + exact + ": must be at least 0", "Give a number of images.");
    }
    var solved = new SolvingExactly.Extent(exact, exactLimit);
    return new ReportConsole(context, json)
        .run(new JobSpec.ReportRuns(runs, data, images, solved, out))
        .value();
  }
}
