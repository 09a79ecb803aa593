package dev.merlon.tests;

import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/**
 * What may use what, as rules over a package tree with the project's layout below {@code root}:
 * {@code proto}, {@code config} <- {@code model} <- {@code streams} <- {@code actors}.
 */
final class ArchitectureRules {
  private final String root;

  private ArchitectureRules(String root) {
    this.root = root;
  }

  /** Every rule under a short name. */
  static Map<String, ArchRule> of(String root) {
    ArchitectureRules rules = new ArchitectureRules(root);
    Map<String, ArchRule> named = new LinkedHashMap<>();
    named.put("config is a leaf", rules.noArrow("config", "proto", "model", "streams", "actors"));
    named.put("proto is a leaf", rules.noArrow("proto", "config", "model", "streams", "actors"));
    named.put("model is below streams", rules.noArrow("model", "streams", "actors"));
    named.put("streams are below actors", rules.noArrow("streams", "actors"));
    named.put("parts of a module have no cycles", rules.noCycles());
    named.put("packages have no cycles", rules.noCyclesOfPackages());
    named.put("model knows no Akka", rules.noAkkaBelowStreams());
    named.put("one package touches the engine", rules.engineInTensorOnly());
    named.put("numbers stay out of graphs", rules.noNumberArithmetic());
    named.put("tensors are created through scopes", rules.noUnownedTensors());
    named.put("tensors stay on their device", rules.noTensorsAboveDevices());
    named.put("one package touches ONNX Runtime", rules.onnxInOnePlace());
    named.put("one package touches the solvers", rules.solversInOnePlace());
    named.put("one package touches databases", rules.databasesInOnePlace());
    named.put("jobs know no console and no HTTP", rules.jobsWithoutViews());
    named.put("one logging interface", rules.noOtherLogging());
    named.put("only entries of processes end them", rules.noExit());
    named.put("only the command line prints", rules.noPrinting());
    named.put("randomness comes from counters", rules.noGlobalRandomness());
    named.put("packages are null-marked", rules.nullMarked());
    return named;
  }

  private String in(String part) {
    return root + "." + part + "..";
  }

  private String[] in(String... parts) {
    List<String> packages = new ArrayList<>();
    for (String part : parts) {
      packages.add(in(part));
    }
    return packages.toArray(String[]::new);
  }

  private ArchRule noArrow(String from, String... to) {
    return noClasses()
        .that()
        .resideInAPackage(in(from))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(in(to))
        .allowEmptyShould(true);
  }

  private ArchRule noCycles() {
    return slices().matching(root + ".(*).(*)..").should().beFreeOfCycles();
  }

  private ArchRule noCyclesOfPackages() {
    return slices().matching(root + ".(**)").should().beFreeOfCycles();
  }

  private ArchRule noAkkaBelowStreams() {
    return noClasses()
        .that()
        .resideInAnyPackage(in("config", "proto", "model"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("akka..");
  }

  private ArchRule engineInTensorOnly() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(in("model.tensor"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl.pytorch..", "ai.djl.engine..");
  }

  // Their number lies in Java memory that is freed while a recorded graph still reads it.
  private ArchRule noNumberArithmetic() {
    Set<String> kept =
        Set.of(
            "mul", "muli", "div", "divi", "pow", "powi", "mod", "modi", "maximum", "minimum",
            "clip");
    DescribedPredicate<JavaMethodCall> arithmetic =
        DescribedPredicate.describe(
            "tensor arithmetic keeps a Number",
            call ->
                call.getTargetOwner().getPackageName().startsWith("ai.djl.ndarray")
                    && kept.contains(call.getName())
                    && takesNumber(call));
    return outsideTensor(arithmetic);
  }

  private static boolean takesNumber(JavaMethodCall call) {
    return call.getTarget().getRawParameterTypes().stream()
        .anyMatch(type -> type.isEquivalentTo(Number.class));
  }

  // What a manager creates from Java values lies in Java memory; Scope copies it.
  private ArchRule noUnownedTensors() {
    return outsideTensor(
        DescribedPredicate.describe(
            "a manager creates a tensor from Java values",
            call ->
                call.getTargetOwner().isAssignableTo(NDManager.class)
                    && call.getName().equals("create")));
  }

  private ArchRule outsideTensor(DescribedPredicate<JavaMethodCall> call) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(in("model.tensor"))
        .should(callMethodWhere(call));
  }

  private ArchRule noTensorsAboveDevices() {
    DescribedPredicate<JavaClass> tensor =
        DescribedPredicate.describe(
            "are tensors",
            type ->
                type.isAssignableTo(NDArray.class)
                    || type.isAssignableTo(NDManager.class)
                    || type.getPackageName().equals("ai.djl.ndarray"));
    return noClasses()
        .that()
        .resideInAnyPackage(in("streams", "actors"))
        .and()
        .resideOutsideOfPackage(in("actors.device"))
        .should()
        .dependOnClassesThat(are(tensor));
  }

  private ArchRule onnxInOnePlace() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(in("model.onnx"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.onnxruntime..", "ai.onnx..", "org.tribuo..");
  }

  private ArchRule solversInOnePlace() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(in("model.verify.exact"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.ortools..");
  }

  private ArchRule databasesInOnePlace() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(in("model.store"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..");
  }

  // Command line and HTTP are two views of the same jobs.
  private ArchRule jobsWithoutViews() {
    return noClasses()
        .that()
        .resideInAnyPackage(in("actors.job", "actors.event"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            root + ".actors.cli..",
            root + ".actors.api..",
            "picocli..",
            "akka.http..",
            "java.net.http..");
  }

  private ArchRule noOtherLogging() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.apache.log4j..", "org.apache.logging..");
  }

  private ArchRule noExit() {
    return outsideEntries(
        DescribedPredicate.describe(
            "the process is ended",
            call ->
                Set.of("exit", "halt").contains(call.getName())
                    && Set.of("java.lang.System", "java.lang.Runtime")
                        .contains(call.getTargetOwner().getFullName())));
  }

  private ArchRule outsideEntries(DescribedPredicate<JavaMethodCall> call) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(in("actors.cli", "actors.engine"))
        .should(callMethodWhere(call));
  }

  private ArchRule noPrinting() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(in("actors.cli"))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace");
  }

  private ArchRule noGlobalRandomness() {
    DescribedPredicate<JavaMethodCall> global =
        DescribedPredicate.describe(
            "randomness depends on what was drawn before",
            call ->
                call.getTargetOwner().getFullName().equals("java.util.concurrent.ThreadLocalRandom")
                    || (call.getTargetOwner().isEquivalentTo(Math.class)
                        && call.getName().equals("random"))
                    || (call.getTargetOwner().isAssignableTo(NDManager.class)
                        && (call.getName().startsWith("random")
                            || call.getName().startsWith("sample")
                            || call.getName().startsWith("truncatedNormal"))));
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should(callMethodWhere(global))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Random");
  }

  private ArchRule nullMarked() {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(in("proto"))
        .should(beInNullMarkedPackages());
  }

  private static ArchCondition<JavaClass> beInNullMarkedPackages() {
    return new ArchCondition<>("be in null-marked packages") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
        String verdict = marked ? " is" : " is not";
        events.add(
            new SimpleConditionEvent(
                type, marked, type.getName() + verdict + " in a null-marked package"));
      }
    };
  }
}
