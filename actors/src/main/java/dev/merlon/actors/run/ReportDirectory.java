package dev.merlon.actors.run;

import java.nio.file.Path;

/**
 * Where the files of a report lie: in a run's own directory, or wherever several are compared.
 *
 * @param path the directory, which need not be there
 */
public record ReportDirectory(Path path) {

  /** The page. */
  public Path page() {
    return path.resolve("index.html");
  }

  /** The folder of its figures. */
  public Path figures() {
    return path.resolve("figures");
  }

  /** The results of a run in words, Markdown. */
  public Path summary() {
    return path.resolve("summary.md");
  }

  /** What was measured of a run's models, one a line. */
  public Path measures() {
    return path.resolve("measures.jsonl");
  }

  /** The exact worst cases of a run's images, one a line. */
  public Path worstCases() {
    return path.resolve("worst-cases.jsonl");
  }
}
