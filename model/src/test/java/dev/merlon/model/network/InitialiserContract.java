package dev.merlon.model.network;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.model.golden.GoldenCase;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deviations of initial weights against golden numbers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InitialiserContract {
  abstract Stream<GoldenCase> cases();

  @ParameterizedTest
  @MethodSource("cases")
  void ibpDeviation_goldenFanIns_isShisDeviation(GoldenCase schedules) {
    JsonNode golden = schedules.json().path("ibp_init_std");
    assertThat(golden.size()).isPositive();
    for (Map.Entry<String, JsonNode> entry : golden.properties()) {
      double actual = Initialiser.ibpDeviation(Long.parseLong(entry.getKey()));
      assertClose(entry.getKey(), actual, entry.getValue().asDouble(), 0);
    }
  }
}
