package dev.merlon.actors.report;

import dev.merlon.actors.report.chart.Figure;
import dev.merlon.actors.report.chart.FigureFiles;
import dev.merlon.actors.run.ReportDirectory;
import dev.merlon.config.failure.Unwritable;
import dev.merlon.model.checkpoint.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A finished report.
 *
 * @param page one HTML file that needs nothing else
 * @param figures what is on it, for files of their own
 * @param warnings what a reader of it must know beside what the runs' own notes say
 */
public record Report(String page, List<Figure> figures, List<String> warnings) {

  /** Copies the lists. */
  public Report {
    figures = List.copyOf(figures);
    warnings = List.copyOf(warnings);
  }

  /** The report of one run. */
  public static Report of(RunRecord run) {
    return new RunPage(run).report();
  }

  /**
   * A report of several runs side by side; differences are to the first.
   *
   * @throws dev.merlon.config.failure.MerlonException (configuration) if they are not about the
   *     same images
   */
  public static Report of(List<RunRecord> runs) {
    return new ComparisonPage(runs).report();
  }

  /**
   * What was written.
   *
   * @param page the HTML file
   * @param figures the folder of figures
   * @param problem why there are no PNG files, if so
   */
  public record Written(Path page, Path figures, Optional<String> problem) {}

  /**
   * Writes page and figures into a directory, over an earlier report.
   *
   * @throws dev.merlon.config.failure.MerlonException (configuration) if it cannot be written
   */
  public Written write(ReportDirectory directory) {
    try {
      Files.createDirectories(directory.path());
      Optional<String> problem = new FigureFiles().write(directory.figures(), figures);
      AtomicFile.write(directory.page(), page.getBytes(StandardCharsets.UTF_8));
      return new Written(directory.page(), directory.figures(), problem);
    } catch (IOException unwritable) {
      throw Unwritable.of(
          "The report cannot be written to " + directory.path(),
          "Make room there and the directory writable, or name another with --out.",
          unwritable);
    }
  }
}
