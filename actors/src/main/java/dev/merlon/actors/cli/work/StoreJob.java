package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.store.KnownVerdict;
import dev.merlon.model.store.StoreContents;
import dev.merlon.model.store.StoreContents.KnownModel;
import dev.merlon.model.store.StoreContents.Selection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store of verdicts as a user sees it: lists, checks, removal. */
public final class StoreJob {
  private static final int MOST_LINES = 100;

  private final CommandContext context;

  /** One that talks to the user through this context. */
  public StoreJob(CommandContext context) {
    this.context = context;
  }

  /**
   * Which store, and how the answer is printed.
   *
   * @param store the file; empty = the usual one
   */
  public record Asked(Optional<Path> store, boolean json) {}

  /** Prints the models that verdicts are kept about. */
  public ExitCode list(Asked asked) {
    try (StoreContents store = open(asked)) {
      List<KnownModel> models = store.models();
      if (asked.json()) {
        print(store, "models", models.stream().map(StoreRows::fields).toList());
        return ExitCode.DONE;
      }
      context
          .console()
          .print("%s: %s".formatted(store.file(), Amounts.count(models.size(), "model")));
      if (!models.isEmpty()) {
        context.console().print("");
        StoreRows.models(models).lines().forEach(context.console()::print);
      }
      return ExitCode.DONE;
    }
  }

  /**
   * Prints what is known about a model or a question.
   *
   * @param what a model's file, or how its digest begins, or a question's name
   */
  public ExitCode show(Asked asked, String what) {
    try (StoreContents store = open(asked)) {
      List<KnownVerdict> known = store.verdicts(about(Optional.of(what)));
      if (known.isEmpty()) {
        known =
            store.verdicts(about(Optional.empty())).stream()
                .filter(verdict -> verdict.query().startsWith(what))
                .toList();
      }
      if (asked.json()) {
        print(store, "verdicts", known.stream().map(StoreRows::fields).toList());
      } else {
        show(known);
      }
      return known.stream().anyMatch(verdict -> verdict.source().disputed().isPresent())
          ? ExitCode.FAILED
          : ExitCode.DONE;
    }
  }

  private void show(List<KnownVerdict> known) {
    Console console = context.console();
    console.print(Amounts.count(known.size(), "verdict"));
    if (known.isEmpty()) {
      return;
    }
    console.print("");
    StoreRows.verdicts(known.stream().limit(MOST_LINES).toList()).lines().forEach(console::print);
    if (known.size() > MOST_LINES) {
      console.print("and " + (known.size() - MOST_LINES) + " more; --json prints all of them");
    }
    known.forEach(
        verdict ->
            verdict
                .source()
                .disputed()
                .ifPresent(
                    detail ->
                        console.print(
                            "CONFLICT " + StoreRows.shortened(verdict.query()) + ": " + detail)));
  }

  /**
   * Checks the file, and counterexamples on models.
   *
   * @param models files whose counterexamples are confirmed again
   */
  public ExitCode verify(Asked asked, List<Path> models) {
    try (StoreContents store = open(asked)) {
      List<String> damage = store.damage();
      List<StoredPoints.Result> points = new ArrayList<>();
      for (Path model : models) {
        ImportedModel read = OnnxImport.read(model);
        points.add(StoredPoints.confirm(read, store.verdicts(ofDigest(read.sha256()))));
      }
      if (asked.json()) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("store", store.file().toString());
        report.put("whole", damage.isEmpty());
        report.put("damage", damage);
        report.put("counterexamples", points.stream().map(StoredPoints.Result::fields).toList());
        context.console().print(Json.line(report));
      } else {
        context.console().print(store.file() + (damage.isEmpty() ? " is whole" : " is damaged:"));
        damage.forEach(context.console()::print);
        points.forEach(result -> context.console().print(result.words()));
      }
      boolean good = damage.isEmpty() && points.stream().allMatch(StoredPoints.Result::good);
      return good ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  /**
   * Removes verdicts.
   *
   * @param model a file, or how the digest of one begins
   * @param age how long ago they were kept at least
   * @param dry whether they are only counted
   */
  public ExitCode prune(Asked asked, Optional<String> model, Optional<Duration> age, boolean dry) {
    Optional<Instant> before = age.map(Instant.now()::minus);
    Selection chosen = new Selection(model.map(StoreJob::digest), before);
    try (StoreContents store = open(asked)) {
      int removed = dry ? store.count(chosen) : store.prune(chosen);
      if (asked.json()) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("store", store.file().toString());
        report.put(dry ? "would-remove" : "removed", removed);
        context.console().print(Json.line(report));
      } else {
        context
            .console()
            .print(Amounts.count(removed, "verdict") + (dry ? " would be removed" : " removed"));
      }
      return ExitCode.DONE;
    }
  }

  private StoreContents open(Asked asked) {
    return StoreContents.open(asked.store().orElseGet(context.store().file()));
  }

  private static Selection about(Optional<String> what) {
    return new Selection(what.map(StoreJob::digest), Optional.empty());
  }

  private static Selection ofDigest(String digest) {
    return new Selection(Optional.of(digest), Optional.empty());
  }

  private static String digest(String model) {
    Path file = Path.of(model);
    if (Files.isRegularFile(file)) {
      return OnnxImport.read(file).sha256();
    }
    if (!model.matches("[0-9a-f]{4,64}")) {
      throw MerlonException.configuration(
          model + " is no model's file, and no beginning of a digest",
          "Name a file, or at least four of the digits that merlon store list shows.");
    }
    return model;
  }

  private void print(StoreContents store, String name, List<Map<String, Object>> entries) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("store", store.file().toString());
    report.put(name, entries);
    context.console().print(Json.line(report));
  }
}
