package dev.merlon.actors.cli.work;

import dev.merlon.actors.report.SummaryTable;
import dev.merlon.model.store.KnownVerdict;
import dev.merlon.model.store.StoreContents.KnownModel;
import dev.merlon.model.verify.verdict.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a store holds as rows of tables and as fields of JSON. */
final class StoreRows {
  private static final int SHORT = 12;

  private StoreRows() {}

  /** A table of models. */
  static SummaryTable models(List<KnownModel> models) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("model", "sha256"));
    kinds().forEach(kind -> head.add(kind.word()));
    head.add("conflict");
    head.add("newest");
    rows.add(head);
    models.forEach(model -> rows.add(row(model)));
    return SummaryTable.of(rows);
  }

  /** A table of verdicts. */
  static SummaryTable verdicts(List<KnownVerdict> known) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("query", "set", "guarantee", "label", "verdict", "rung", "kept"));
    known.forEach(verdict -> rows.add(row(verdict)));
    return SummaryTable.of(rows);
  }

  private static List<String> row(KnownModel model) {
    String scaling = model.scaling().replace("\n", ", ");
    List<String> row = new ArrayList<>();
    row.add(model.name() + (scaling.isEmpty() ? "" : " (" + scaling + ")"));
    row.add(shortened(model.sha256()));
    kinds().forEach(kind -> row.add(Integer.toString(model.kinds().getOrDefault(kind, 0))));
    row.add(Integer.toString(model.counted().conflicts()));
    row.add(day(model.counted().newest()));
    return row;
  }

  private static List<String> row(KnownVerdict verdict) {
    return List.of(
        shortened(verdict.query()),
        verdict.about().set(),
        verdict.about().guarantee().word(),
        Integer.toString(verdict.about().label()),
        verdict.kind().word(),
        verdict.rung(),
        day(verdict.source().at()));
  }

  /** A model in JSON. */
  static Map<String, Object> fields(KnownModel model) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", model.name());
    fields.put("sha256", model.sha256());
    fields.put("use", model.scaling());
    kinds().forEach(kind -> fields.put(kind.word(), model.kinds().getOrDefault(kind, 0)));
    fields.put("conflict", model.counted().conflicts());
    fields.put("newest", model.counted().newest().toString());
    return fields;
  }

  /** A verdict in JSON. */
  static Map<String, Object> fields(KnownVerdict verdict) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("query", verdict.query());
    fields.put("model", verdict.about().sha256());
    fields.put("use", verdict.about().scaling());
    fields.put("set", verdict.about().perturbation());
    fields.put("guarantee", verdict.about().guarantee().word());
    fields.put("label", verdict.about().label());
    fields.put("verdict", verdict.kind().word());
    fields.put("rung", verdict.rung());
    fields.put("rungs", verdict.source().rungs());
    fields.put("version", verdict.source().version());
    fields.put("sound", verdict.source().sound());
    fields.put("kept", verdict.source().at().toString());
    verdict.source().disputed().ifPresent(detail -> fields.put("conflict", detail));
    return fields;
  }

  private static List<Outcome.Kind> kinds() {
    return Arrays.stream(Outcome.Kind.values())
        .filter(kind -> kind != Outcome.Kind.CONFLICT)
        .toList();
  }

  /** The first digits of a digest. */
  static String shortened(String digest) {
    return digest.substring(0, SHORT);
  }

  private static String day(Instant moment) {
    return moment.toString().substring(0, "2000-01-01".length());
  }
}
