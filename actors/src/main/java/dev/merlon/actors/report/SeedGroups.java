package dev.merlon.actors.report;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.merlon.model.verify.count.Share;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Runs whose settings are equal but for the seed, and for the name, which changes nothing: the
 * means and deviations of their accuracies. Runs that were not certified on the same images against
 * the same sets are not of one group.
 */
final class SeedGroups {
  private final List<RunRecord> runs;
  private final List<Group> groups;

  /**
   * Runs of one group, at least two.
   *
   * @param name of the first of them and how many
   */
  record Group(String name, List<RunRecord> runs) {}

  /**
   * The groups of these runs.
   *
   * @param names what the runs are called
   */
  SeedGroups(List<RunRecord> runs, List<String> names) {
    this.runs = List.copyOf(runs);
    Map<Config, List<Integer>> equal = new LinkedHashMap<>();
    for (int i = 0; i < runs.size(); i++) {
      if (runs.get(i).verdicts().isPresent()) {
        equal.computeIfAbsent(settings(runs.get(i)), key -> new ArrayList<>()).add(i);
      }
    }
    this.groups =
        equal.values().stream()
            .flatMap(members -> group(members, names).stream())
            .collect(Collectors.toList());
  }

  /** The groups, none where every run is alone. */
  List<Group> groups() {
    return List.copyOf(groups);
  }

  /** One row per accuracy: the group's name, the number of runs, mean and deviation. */
  List<List<DomContent>> rows() {
    return FinalFigures.figures(runs).stream().map(this::row).toList();
  }

  /**
   * Mean and sample deviation in percent, such as {@code 91.20% ± 0.35}.
   *
   * @param shares at least two, in {@code [0, 1]}
   */
  static String spread(List<Double> shares) {
    double mean = shares.stream().mapToDouble(share -> share).average().orElseThrow();
    double squares = shares.stream().mapToDouble(share -> (share - mean) * (share - mean)).sum();
    double deviation = Math.sqrt(squares / (shares.size() - 1));
    return String.format(Locale.ROOT, "%.2f%% ± %.2f", 100 * mean, 100 * deviation);
  }

  private List<DomContent> row(FinalFigures.Figure figure) {
    List<DomContent> cells = new ArrayList<>();
    cells.add(Blocks.cell(figure.name()));
    for (Group group : groups) {
      List<Double> shares =
          group.runs().stream()
              .flatMap(run -> run.summary().flatMap(figure.of()).stream())
              .map(Share::lower)
              .toList();
      cells.add(
          Blocks.cell(shares.size() == group.runs().size() ? spread(shares) : "not measured"));
    }
    return cells;
  }

  private Optional<Group> group(List<Integer> members, List<String> names) {
    List<RunRecord> same =
        members.stream()
            .map(runs::get)
            .filter(run -> new CommonImages(runs.get(members.get(0)), run).areAll())
            .toList();
    long seeds = same.stream().map(run -> run.settings().seed()).distinct().count();
    return same.size() < 2 || seeds < same.size()
        ? Optional.empty()
        : Optional.of(new Group(names.get(members.get(0)) + ", " + same.size() + " seeds", same));
  }

  private static Config settings(RunRecord run) {
    return ConfigFactory.parseString(run.configuration())
        .resolve()
        .withoutPath("seed")
        .withoutPath("name");
  }
}
