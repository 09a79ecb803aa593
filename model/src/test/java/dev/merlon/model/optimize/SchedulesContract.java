package dev.merlon.model.optimize;

import static dev.merlon.model.golden.GoldenValues.assertClose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.config.objective.Concretisation;
import dev.merlon.config.objective.CrownIbpObjective;
import dev.merlon.config.objective.WeightSchedule;
import dev.merlon.config.training.RampKind;
import dev.merlon.model.golden.GoldenCase;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules of published code against ours. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SchedulesContract {
  private static final Pattern RAMP = Pattern.compile("ramp from step (\\d+) to (\\d+)");

  abstract Stream<GoldenCase> cases();

  /** Every radius schedule that a case has and that is ours too. */
  Stream<Arguments> radii() {
    return cases()
        .flatMap(
            golden ->
                golden.json().path("values").properties().stream()
                    .map(Map.Entry::getKey)
                    .flatMap(
                        name -> kind(name).stream().map(kind -> Arguments.of(golden, name, kind))));
  }

  /** How the code that a schedule is named after grows radii; empty where ours has no such way. */
  private static Optional<RampKind> kind(String name) {
    String code = name.replaceAll("\\d+$", "");
    return switch (code) {
      case "ctbench_smooth", "crown_ibp_smoothed", "shi_smoothed_start" ->
          Optional.of(RampKind.SMOOTH);
      case "ctbench_linear", "crown_ibp_linear", "sabr_linear" -> Optional.of(RampKind.LINEAR);
      case "sabr_smooth", "sabr_exp" -> Optional.empty();
      default -> throw new IllegalStateException("no schedule is known as " + name);
    };
  }

  @ParameterizedTest
  @MethodSource("radii")
  void at_everyGoldenStep_isThePublishedRadius(GoldenCase golden, String name, RampKind kind) {
    double[] expected = numbers(golden.json().path("values").path(name));
    double[] steps = numbers(golden.json().path("steps"));
    double[] actual = new double[steps.length];
    EpsSchedule schedule = schedule(golden, name, kind);
    for (int i = 0; i < steps.length; i++) {
      actual[i] = schedule.at((long) steps[i]);
    }
    assertClose(name, actual, expected);
  }

  // The description has patterns of names, and when radii grow in words.
  private static EpsSchedule schedule(GoldenCase golden, String name, RampKind kind) {
    List<String> ramps =
        golden.json().path("spec").properties().stream()
            .filter(
                entry ->
                    Stream.of(entry.getKey().split(", ", -1))
                        .anyMatch(pattern -> name.matches(pattern.replace("*", ".*"))))
            .map(entry -> entry.getValue().asText())
            .toList();
    Matcher ramp = RAMP.matcher(String.join(" ", ramps));
    if (ramps.size() != 1 || !ramp.find()) {
      throw new IllegalStateException(golden + " does not say when " + name + " grows: " + ramps);
    }
    return new EpsSchedule(
        kind,
        golden.number("eps_max"),
        Long.parseLong(ramp.group(1)),
        Long.parseLong(ramp.group(2)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void at_weightByRadius_isThePublishedKappa(GoldenCase schedules) {
    JsonNode golden = schedules.json().path("kappa_beta");
    double[] eps = numbers(golden.path("eps"));
    double[] kappa = numbers(golden.path("kappa"));
    WeightSchedule weight = WeightSchedule.byRadius(0, 1 - golden.path("final_kappa").asDouble());
    double[] actual = new double[eps.length];
    for (int i = 0; i < eps.length; i++) {
      actual[i] = 1 - weight.at(0, eps[i] / schedules.number("eps_max"));
    }
    assertClose("kappa", actual, kappa);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void share_radius_isThePublishedBeta(GoldenCase schedules) {
    JsonNode golden = schedules.json().path("kappa_beta");
    double last = golden.path("final_beta").asDouble();
    CrownIbpObjective objective =
        new CrownIbpObjective(1, last, Concretisation.INPUT, false, WeightSchedule.constant(1));
    double[] actual =
        Arrays.stream(numbers(golden.path("eps")))
            .map(eps -> objective.share(eps / schedules.number("eps_max")))
            .toArray();
    assertClose("beta", actual, numbers(golden.path("beta")));
  }

  private static double[] numbers(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    if (values.length == 0) {
      throw new IllegalStateException("no numbers");
    }
    return values;
  }
}
