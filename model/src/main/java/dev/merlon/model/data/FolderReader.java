package dev.merlon.model.data;

import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.MerlonException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Images as PNG, JPEG or BMP files, one folder for each class; the sorted names of the folders are
 * the classes. Either {@code train/} and {@code test/} (or {@code val/}; beside {@code test/} it is
 * the validation part) hold the class folders, or the directory holds them itself and all images
 * are its training part. All images have one size; they are grey if all training images are, and
 * otherwise coloured, where grey ones get three equal channels. Thread-safe.
 */
public final class FolderReader implements DatasetSource {
  private final Path directory;
  private final ImageCache cache;
  private volatile Optional<Dataset> train = Optional.empty();

  FolderReader(Path directory, ImageCache cache) {
    this.directory = directory;
    this.cache = cache;
  }

  @Override
  public DataKind kind() {
    return DataKind.FOLDER;
  }

  @Override
  public ImageShape shape() {
    return read(DataSplit.TRAIN).shape();
  }

  @Override
  public int classes() {
    return classNames().size();
  }

  @Override
  public Set<DataSplit> parts() {
    return folders().keySet();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Decodes the files unless the cache has them.
   */
  @Override
  public Dataset read(DataSplit split) {
    Optional<Dataset> known = train;
    if (split == DataSplit.TRAIN && known.isPresent()) {
      return known.get();
    }
    Path folder = Optional.ofNullable(folders().get(split)).orElseThrow(() -> absent(split));
    Optional<ImageShape> shape = split == DataSplit.TRAIN ? Optional.empty() : Optional.of(shape());
    Dataset data = cache.read(kind().word(), split, ClassFolders.list(folder, classNames()), shape);
    if (split == DataSplit.TRAIN) {
      train = Optional.of(data);
    }
    return data;
  }

  private List<String> classNames() {
    return ClassFolders.classes(folders().getOrDefault(DataSplit.TRAIN, directory));
  }

  private Map<DataSplit, Path> folders() {
    Map<DataSplit, Path> folders = new EnumMap<>(DataSplit.class);
    Path train = directory.resolve("train");
    if (!Files.isDirectory(train)) {
      folders.put(DataSplit.TRAIN, directory);
      return folders;
    }
    folders.put(DataSplit.TRAIN, train);
    Path test = directory.resolve("test");
    Path val = directory.resolve("val");
    if (Files.isDirectory(test)) {
      folders.put(DataSplit.TEST, test);
    }
    if (Files.isDirectory(val)) {
      folders.put(Files.isDirectory(test) ? DataSplit.VALIDATION : DataSplit.TEST, val);
    }
    if (folders.size() == 1) {
      throw MerlonException.data(
          directory + " has a folder train but neither test nor val",
          "Add one, or name the folder train itself and set data.test.");
    }
    return folders;
  }
}
