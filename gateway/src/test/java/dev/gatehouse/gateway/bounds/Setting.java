package dev.gatehouse.gateway.bounds;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a configuration.
 *
 * @param group the key of the group that it is in; empty for none
 * @param component what it is in its record
 * @param defaultValue null if there is none
 */
record Setting(String group, RecordComponent component, @Nullable Object defaultValue) {
  private static final Set<Class<?>> MEASURES =
      Set.of(
          int.class,
          long.class,
          double.class,
          Integer.class,
          Long.class,
          Double.class,
          OptionalInt.class,
          OptionalLong.class,
          Duration.class);

  /**
   * All settings of a record, and of the records in it.
   *
   * @param values what they are if nobody says so; null where the whole group may be absent
   */
  static Stream<Setting> in(Class<?> type, @Nullable Object values) {
    return in("", type, values);
  }

  private static Stream<Setting> in(String group, Class<?> type, @Nullable Object values) {
    List<RecordComponent> components = List.of(type.getRecordComponents());
    Stream<Setting> own =
        components.stream()
            .filter(each -> !typeOf(each).isRecord())
            .map(each -> new Setting(group, each, valueOf(each, values)));
    Stream<Setting> others =
        components.stream()
            .filter(each -> typeOf(each).isRecord())
            .flatMap(each ->
                in(
                    join(group, each.getName()),
                    typeOf(each),
                    valueOf(each, values) == null
                        ? defaultsOf(typeOf(each))
                        : valueOf(each, values)));
    return Stream.concat(own, others);
  }

  /** What the operator writes. */
  String key() {
    return join(group, component.getName());
  }

  /** Whether it is a number, or a time. */
  boolean isMeasure() {
    return MEASURES.contains(typeOf(component));
  }

  private static String join(String group, String name) {
    return group.isEmpty() ? name : group + "." + name;
  }

  /** Of one that may be absent: what it is if it is not. */
  private static Class<?> typeOf(RecordComponent component) {
    Type inner =
        component.getGenericType() instanceof ParameterizedType optional
                && component.getType() == Optional.class
            ? optional.getActualTypeArguments()[0]
            : component.getType();
    return inner instanceof Class<?> plain ? plain : component.getType();
  }

  private static @Nullable Object valueOf(RecordComponent component, @Nullable Object values) {
    if (values == null) {
      return null;
    }
    try {
      Object value = component.getAccessor().invoke(values);
      return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Object defaultsOf(Class<?> type) {
    Optional<Field> constant =
        Arrays.stream(type.getFields()).filter(f -> f.getName().equals("DEFAULT")).findAny();
    try {
      return constant.isEmpty() ? null : constant.get().get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
