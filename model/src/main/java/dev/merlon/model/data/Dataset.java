package dev.merlon.model.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Labelled 8-bit images in memory or in a mapped file, channel-first. A value {@code u} of 0..255
 * stands for the intensity {@code u / 255} in [0,1], before any normalisation. Immutable and safe
 * to share between threads.
 */
public final class Dataset {
  private static final float[] INTENSITY = intensities();

  private final String name;
  private final DataSplit split;
  private final ImageShape shape;
  private final int classes;
  private final ByteBuffer pixels;
  private final int[] places;
  private final int[] labels;
  private volatile Optional<String> digest;

  private Dataset(Dataset like, DataSplit split, int[] places, int[] labels) {
    this.name = like.name;
    this.split = split;
    this.shape = like.shape;
    this.classes = like.classes;
    this.pixels = like.pixels;
    this.places = places;
    this.labels = labels;
    this.digest = Optional.empty();
  }

  private Dataset(
      String name,
      DataSplit split,
      ImageShape shape,
      int classes,
      ByteBuffer pixels,
      int[] labels) {
    this.name = name;
    this.split = split;
    this.shape = shape;
    this.classes = classes;
    this.pixels = pixels;
    this.places = IntStream.range(0, labels.length).toArray();
    this.labels = labels;
    this.digest = Optional.empty();
  }

  /**
   * Makes a data set from copies of the given arrays.
   *
   * @param name what people call it, such as {@code mnist}
   * @param split which part it is
   * @param shape shape of every image
   * @param classes number of classes; labels are in {@code [0, classes)}
   * @param pixels unsigned bytes, {@code [N,C,H,W]} row-major
   * @param labels {@code [N]}
   * @throws IllegalArgumentException if the arrays do not fit together or a label is out of range
   */
  public static Dataset of(
      String name, DataSplit split, ImageShape shape, int classes, byte[] pixels, int[] labels) {
    return over(name, split, shape, classes, ByteBuffer.wrap(pixels.clone()), labels.clone());
  }

  /**
   * Makes a data set over bytes that nobody changes any more, such as those of a mapped file.
   *
   * @param pixels unsigned bytes, {@code [N,C,H,W]} row-major, from index 0 to its limit; not
   *     copied
   * @param labels {@code [N]}; not copied
   * @throws IllegalArgumentException as {@link #of}
   */
  static Dataset over(
      String name,
      DataSplit split,
      ImageShape shape,
      int classes,
      ByteBuffer pixels,
      int[] labels) {
    if (labels.length == 0) {
      throw new IllegalArgumentException("a data set needs at least one image");
    }
    long expected = (long) labels.length * shape.elements();
    if (pixels.limit() != expected) {
      throw new IllegalArgumentException(
          labels.length
              + " images of "
              + shape
              + " need "
              + expected
              + " bytes, got "
              + pixels.limit());
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "label " + labels[i] + " of image " + i + " is not in 0.." + (classes - 1));
      }
    }
    return new Dataset(name, split, shape, classes, pixels.asReadOnlyBuffer(), labels);
  }

  /** What people call this data set, such as {@code mnist} or {@code demo}. */
  public String name() {
    return name;
  }

  /** Which part of the data set this is. */
  public DataSplit split() {
    return split;
  }

  /** Shape of every image. */
  public ImageShape shape() {
    return shape;
  }

  /** Number of classes; labels are in {@code [0, classes)}. */
  public int classes() {
    return classes;
  }

  /** Number of images. */
  public int size() {
    return labels.length;
  }

  /**
   * SHA-256 over shape, class count, labels and pixels, as 64 lower-case hex digits. Equal content
   * has equal digests whatever file or name it came from. Computed at the first call.
   */
  public String digest() {
    Optional<String> known = digest;
    if (known.isEmpty()) {
      known = Optional.of(computedDigest());
      digest = known;
    }
    return known.orElseThrow();
  }

  /** Label of image {@code index}, in {@code [0, classes)}. */
  public int label(int index) {
    return labels[checked(index)];
  }

  /**
   * Labels of the given images, in the order of {@code indices}; shape {@code [indices.length]}.
   */
  public int[] labels(int[] indices) {
    int[] chosen = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      chosen[i] = label(indices[i]);
    }
    return chosen;
  }

  /** Image {@code index} as {@code [C,H,W]} in [0,1], each value the float nearest to u/255. */
  public float[] image(int index) {
    float[] image = new float[shape.elements()];
    copyImage(index, image, 0);
    return image;
  }

  /** Image {@code index} as {@code [C,H,W]} in [0,1], each value the double nearest to u/255. */
  public double[] imageDoubles(int index) {
    double[] image = new double[shape.elements()];
    copyImage(index, image, 0);
    return image;
  }

  /** The stored bytes of image {@code index}, {@code [C,H,W]}, unsigned 0..255. */
  public byte[] imageBytes(int index) {
    byte[] bytes = new byte[shape.elements()];
    copyBytes(index, bytes);
    return bytes;
  }

  /** Copies the stored bytes of image {@code index} into the first places of {@code target}. */
  void copyBytes(int index, byte[] target) {
    pixels.get(places[checked(index)] * shape.elements(), target, 0, shape.elements());
  }

  /** The intensity in [0,1] that a stored byte stands for: the float nearest to u/255. */
  static float intensity(byte stored) {
    return INTENSITY[stored & 0xff];
  }

  /**
   * Writes the given images one after another, {@code [indices.length,C,H,W]} in [0,1].
   *
   * @param target receives {@code indices.length * shape().elements()} values from its start on; a
   *     longer array keeps its rest
   */
  public void fill(int[] indices, float[] target) {
    requireRoom(indices, target.length);
    for (int i = 0; i < indices.length; i++) {
      copyImage(indices[i], target, i * shape.elements());
    }
  }

  /**
   * As {@link #fill(int[], float[])} in double precision: each value is the double nearest u/255.
   */
  public void fill(int[] indices, double[] target) {
    requireRoom(indices, target.length);
    for (int i = 0; i < indices.length; i++) {
      copyImage(indices[i], target, i * shape.elements());
    }
  }

  /**
   * The first {@code count} images as a data set of their own; this one where it has no more.
   *
   * @throws IllegalArgumentException if {@code count} is not positive
   */
  public Dataset head(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("need at least one image, asked for " + count);
    }
    if (count >= size()) {
      return this;
    }
    return part(split, IntStream.range(0, count).toArray());
  }

  /**
   * Chosen images as a data set of their own; the pixels are shared.
   *
   * @param part what the new data set is
   * @param indices which images, in this order; at least one
   */
  public Dataset part(DataSplit part, int[] indices) {
    if (indices.length == 0) {
      throw new IllegalArgumentException("a data set needs at least one image");
    }
    int[] chosen = Arrays.stream(indices).map(index -> places[checked(index)]).toArray();
    return new Dataset(this, part, chosen, labels(indices));
  }

  /**
   * The square in the middle of every image; of an odd rest the smaller half lies above and left.
   *
   * @param side in pixels, no more than an image has
   */
  public Dataset centreCrop(int side) {
    Crop crop = Crop.centre(shape, side);
    if (crop.cut().equals(shape)) {
      return this;
    }
    int elements = crop.cut().elements();
    byte[] whole = new byte[shape.elements()];
    byte[] cut = new byte[Math.multiplyExact(size(), elements)];
    for (int i = 0; i < size(); i++) {
      copyBytes(i, whole);
      crop.copy(whole, cut, i * elements);
    }
    return over(name, split, crop.cut(), classes, ByteBuffer.wrap(cut), labels);
  }

  @Override
  public String toString() {
    return name + " " + split.label() + ", " + size() + " images " + shape;
  }

  private String computedDigest() {
    DatasetDigest sha256 = new DatasetDigest(shape, classes, labels);
    byte[] image = new byte[shape.elements()];
    for (int i = 0; i < size(); i++) {
      copyBytes(i, image);
      sha256.add(image);
    }
    return sha256.hex();
  }

  private void copyImage(int index, float[] target, int offset) {
    byte[] bytes = imageBytes(index);
    for (int i = 0; i < bytes.length; i++) {
      target[offset + i] = intensity(bytes[i]);
    }
  }

  private void copyImage(int index, double[] target, int offset) {
    byte[] bytes = imageBytes(index);
    for (int i = 0; i < bytes.length; i++) {
      target[offset + i] = (bytes[i] & 0xff) / 255.0;
    }
  }

  private void requireRoom(int[] indices, int available) {
    long needed = (long) indices.length * shape.elements();
    if (available < needed) {
      throw new IllegalArgumentException(
          indices.length + " images need " + needed + " values, target has " + available);
    }
  }

  private int checked(int index) {
    if (index < 0 || index >= labels.length) {
      throw new IndexOutOfBoundsException(
          "image " + index + " of " + labels.length + " in " + name);
    }
    return index;
  }

  private static float[] intensities() {
    float[] table = new float[256];
    for (int u = 0; u < table.length; u++) {
      table[u] = u / 255f;
    }
    return table;
  }
}
