package ums.bench.agent;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * The constant pool of a class file. Redirects references to methods to another class, and with them all calls and method
 * handles.
 */
final class ConstantPool {

    private static final int HEAD = 8;
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int METHOD = 10;

    private final byte[] file;
    private final int[] at;
    private final int end;

    /** @param file the bytes of a class */
    ConstantPool(byte[] file) throws IOException {
        this.file = file;
        at = new int[u2(HEAD)];
        int position = HEAD + 2;
        for (int i = 1; i < at.length; i++) {
            at[i] = position;
            int tag = file[position];
            position += 1 + length(tag, position);
            if (tag == LONG || tag == DOUBLE) {
                i++;
            }
        }
        end = position;
    }

    private int length(int tag, int position) throws IOException {
        return switch (tag) {
            case UTF8 -> 2 + u2(position + 1);
            case CLASS, 8, 16, 19, 20 -> 2;
            case 15 -> 3;
            case 3, 4, 9, METHOD, 11, 12, 17, 18 -> 4;
            case LONG, DOUBLE -> 8;
            default -> throw new IOException("a constant of an unknown kind: " + tag);
        };
    }

    /** Redirects the methods that {@code which} accepts to another class; returns null if the class refers to none. */
    byte[] lead(Methods which, String target) throws IOException {
        byte[] changed = file.clone();
        boolean any = false;
        for (int i = 1; i < at.length; i++) {
            if (at[i] != 0 && file[at[i]] == METHOD) {
                int nameAndType = at[u2(at[i] + 3)];
                if (which.accept(
                        text(u2(at[u2(at[i] + 1)] + 1)), text(u2(nameAndType + 1)), text(u2(nameAndType + 3)))) {
                    put(changed, at[i] + 1, at.length + 1);
                    any = true;
                }
            }
        }
        return any ? withClass(changed, target) : null;
    }

    /** Appends two entries to the pool: a name, and the class of that name. */
    private byte[] withClass(byte[] changed, String name) throws IOException {
        put(changed, HEAD, at.length + 2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(changed, 0, end);
        out.writeByte(UTF8);
        out.writeUTF(name);
        out.writeByte(CLASS);
        out.writeShort(at.length);
        out.write(changed, end, changed.length - end);
        return bytes.toByteArray();
    }

    private String text(int index) throws IOException {
        return new DataInputStream(new ByteArrayInputStream(file, at[index] + 1, file.length - at[index] - 1))
                .readUTF();
    }

    private int u2(int position) {
        return (file[position] & 0xff) << 8 | file[position + 1] & 0xff;
    }

    private static void put(byte[] bytes, int position, int value) {
        bytes[position] = (byte) (value >> 8);
        bytes[position + 1] = (byte) value;
    }

    /** Selects methods. */
    interface Methods {
        boolean accept(String owner, String name, String type);
    }
}
