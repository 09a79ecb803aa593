package dev.merlon.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The project keeps {@link ArchitectureRules}, and each rule catches a class that breaks it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
  private static final String ROOT = "dev.merlon";
  private static final String PLANTED_ROOT = "dev.merlon.tests.planted";

  private final Map<String, ArchRule> rules = ArchitectureRules.of(ROOT);
  private final JavaClasses project =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);
  private final Map<String, ArchRule> plantedRules = ArchitectureRules.of(PLANTED_ROOT);
  private final JavaClasses planted = new ClassFileImporter().importPackages(PLANTED_ROOT);

  Stream<String> names() {
    return rules.keySet().stream();
  }

  @Test
  void project_allModules_areLookedAt() {
    for (String module : new String[] {"config", "proto", "model", "streams", "actors"}) {
      assertThat(project)
          .as(module)
          .anyMatch(type -> type.getPackageName().startsWith(ROOT + "." + module));
    }
    assertThat(project).noneMatch(type -> type.getPackageName().startsWith("dev.merlon.tests"));
  }

  // Test classes too, which no rule looks at.
  @Test
  void project_everyType_hasASimpleNameOfItsOwn() throws IOException {
    assertThat(shared(file -> !file.contains("/planted/"))).isEmpty();
  }

  @Test
  void plantedType_nameOfAnother_isCaught() throws IOException {
    assertThat(shared(file -> file.contains("/planted/"))).containsExactly("NamedTwice");
  }

  @ParameterizedTest
  @MethodSource("names")
  void project_everyRule_isKept(String name) {
    EvaluationResult result = rules.get(name).evaluate(project);
    assertThat(result.getFailureReport().getDetails()).as(name).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config is a leaf                       | ConfigThatKnowsModel",
        "model is below streams                 | ModelThatKnowsStreams",
        "streams are below actors               | StreamThatKnowsActors",
        "parts of a module have no cycles       | Cycle detected",
        "packages have no cycles                | LineThatKnowsBoxes",
        "model knows no Akka                    | ModelThatKnowsAkka",
        "one package touches the engine         | NetworkThatTouchesTheEngine",
        "numbers stay out of graphs             | BoundThatKeepsANumber.times",
        "numbers stay out of graphs             | BoundThatKeepsANumber.within",
        "tensors are created through scopes     | BoundThatKeepsANumber.create",
        "tensors stay on their device           | StreamThatHoldsATensor",
        "tensors stay on their device           | ActorThatHoldsATensor",
        "one package touches ONNX Runtime       | NetworkThatTouchesTheEngine",
        "one package touches the solvers        | NetworkThatSolves",
        "one package touches databases          | NetworkThatStores",
        "jobs know no console and no HTTP       | JobThatTalks",
        "one logging interface                  | ActorThatMisbehaves",
        "only entries of processes end them     | ActorThatMisbehaves",
        "only the command line prints           | ActorThatMisbehaves",
        "randomness comes from counters         | ActorThatMisbehaves",
        "packages are null-marked               | UnmarkedType"
      })
  void plantedClass_everyRule_isCaught(String name, String culprit) {
    EvaluationResult result = plantedRules.get(name).evaluate(planted);
    assertThat(result.getFailureReport().getDetails())
        .as(name)
        .anyMatch(detail -> detail.contains(culprit));
  }

  // What is allowed in one place must not be reported there.
  @ParameterizedTest
  @CsvSource({
    "one package touches the engine, TensorThatMay",
    "numbers stay out of graphs, TensorThatMay",
    "numbers stay out of graphs, BoundThatKeepsANumber.allowed",
    "tensors are created through scopes, TensorThatMay",
    "tensors stay on their device, DeviceThatMay"
  })
  void plantedClass_whereAllowed_isNotReported(String name, String innocent) {
    EvaluationResult result = plantedRules.get(name).evaluate(planted);
    assertThat(result.getFailureReport().getDetails())
        .as(name)
        .noneMatch(detail -> detail.contains(innocent));
  }

  // Simple names that several source files of the checkout have.
  private static Set<String> shared(Predicate<String> among) throws IOException {
    try (Stream<Path> files = Files.walk(DocumentsTest.checkout())) {
      Map<String, Long> counts =
          files
              .map(file -> file.toString().replace('\\', '/'))
              .filter(file -> file.matches(".*/src/(main|test)/java/.*\\.java"))
              .filter(file -> !file.endsWith("/package-info.java"))
              .filter(among)
              .map(file -> file.replaceAll(".*/|\\.java$", ""))
              .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
      assertThat(counts).isNotEmpty();
      counts.values().removeIf(count -> count == 1);
      return counts.keySet();
    }
  }
}
