package dev.merlon.model.optimize;

import static dev.merlon.model.golden.GoldenValues.assertClose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.config.Concretisation;
import dev.merlon.config.CrownIbpObjective;
import dev.merlon.config.RampKind;
import dev.merlon.config.WeightSchedule;
import dev.merlon.model.golden.GoldenCase;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules of published code against ours. */
abstract class SchedulesContract {
  abstract GoldenCase schedules();

  @ParameterizedTest
  @CsvSource({
    "ctbench_smooth,      SMOOTH, 50,  550",
    "crown_ibp_smoothed,  SMOOTH, 50,  550",
    "shi_smoothed_start2, SMOOTH, 50,  550",
    "ctbench_linear,      LINEAR, 50,  550",
    "crown_ibp_linear,    LINEAR, 50,  550",
    "sabr_linear,         LINEAR, 100, 600"
  })
  void at_everyGoldenStep_isThePublishedRadius(String name, RampKind kind, long start, long end) {
    double eps = schedules().number("eps_max");
    double[] expected = numbers(schedules().json().path("values").path(name));
    double[] steps = numbers(schedules().json().path("steps"));
    double[] actual = new double[steps.length];
    EpsSchedule schedule = new EpsSchedule(kind, eps, start, end);
    for (int i = 0; i < steps.length; i++) {
      actual[i] = schedule.at((long) steps[i]);
    }
    assertClose(name, actual, expected);
  }

  @Test
  void at_weightByRadius_isThePublishedKappa() {
    JsonNode golden = schedules().json().path("kappa_beta");
    double[] eps = numbers(golden.path("eps"));
    double[] kappa = numbers(golden.path("kappa"));
    WeightSchedule weight = WeightSchedule.byRadius(0, 1 - golden.path("final_kappa").asDouble());
    double[] actual = new double[eps.length];
    for (int i = 0; i < eps.length; i++) {
      actual[i] = 1 - weight.at(0, eps[i] / schedules().number("eps_max"));
    }
    assertClose("kappa", actual, kappa);
  }

  @Test
  void share_radius_isThePublishedBeta() {
    JsonNode golden = schedules().json().path("kappa_beta");
    double last = golden.path("final_beta").asDouble();
    CrownIbpObjective objective =
        new CrownIbpObjective(1, last, Concretisation.INPUT, false, WeightSchedule.constant(1));
    double[] actual =
        Arrays.stream(numbers(golden.path("eps")))
            .map(eps -> objective.share(eps / schedules().number("eps_max")))
            .toArray();
    assertClose("beta", actual, numbers(golden.path("beta")));
  }

  private static double[] numbers(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    return values;
  }
}
