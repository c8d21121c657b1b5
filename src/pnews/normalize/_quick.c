/* What is done for every item of a text, which takes Python most of its time.

   `apart`, `marked`, `spaced` and `joined` give what the Python beside their callers gives, in
   items.py and gaps.py; where there was no compiler, that does the work. Two capsules go with them:
   `tables`, what is known of settled words and of pairs, read from the files as they are, and `kept`,
   the items that one Memo was asked about lately.

   What is known of an item is looked up in a Memo, whose `__missing__` is asked for what isn't there:
   this runs Python and may clear the memo. So whatever is in use meanwhile is held by a reference of
   its own. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Fields of what is known of an item: `code` and `text` of all, `first` and `last` of gaps.Item. */
enum { CODE, TEXT, FIRST, LAST };

static const Py_UCS4 LINE_END = '\n';
enum { CLASSES = 256, VALUES = 256 };

/* A field that must be a str; a borrowed reference, or NULL with an error. */
static PyObject *
field(PyObject *known, Py_ssize_t number)
{
    PyObject *value;

    if (!PyTuple_Check(known) || PyTuple_GET_SIZE(known) <= number) {
        PyErr_SetString(PyExc_TypeError, "what is known of an item must be a named tuple");
        return NULL;
    }
    value = PyTuple_GET_ITEM(known, number);
    if (!PyUnicode_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "class and text of an item must be str");
        return NULL;
    }
    return value;
}

/* What `memo[key]` gives; a new reference, or NULL with an error. */
static PyObject *
look_up(PyObject *memo, PyObject *key)
{
    /* For a subclass of dict `PyObject_GetItem` looks up the method first: slow, and mostly vain. */
    PyObject *found = PyDict_Check(memo) ? PyDict_GetItemWithError(memo, key) : NULL;

    if (found != NULL) {
        return Py_NewRef(found);
    }
    return PyErr_Occurred() ? NULL : PyObject_GetItem(memo, key);
}

/* What `spellings.hashed` keeps in a file: marks of four bytes, 0 where there is none, and behind all
   of them their values of one byte. A key stands at the place that its hash tells or, where that is
   taken, at the next free one; its mark is the rest of the hash. */
typedef struct {
    const unsigned char *marks, *values;
    size_t mask;
} Table;

enum { MARK_BYTES = 4 };
static const uint64_t BASIS = 0xcbf29ce484222325, PRIME = 0x100000001b3;
static const uint64_t MIXING = 0xd6e8feb86659fd93;

static int
is_table(const Py_buffer *content, Table *table)
{
    size_t places = (size_t)content->len / (MARK_BYTES + 1);

    if (places == 0 || places & (places - 1) || content->len % (MARK_BYTES + 1)) {
        PyErr_SetString(PyExc_ValueError, "a table has 2^k places of 5 bytes");
        return 0;
    }
    *table = (Table){content->buf, (unsigned char *)content->buf + MARK_BYTES * places, places - 1};
    return 1;
}

/* The hash of some letters, behind what the hash is of (Fowler, Noll and Vo's). */
static uint64_t
hashed(uint64_t hash, PyObject *text, Py_ssize_t start, Py_ssize_t end)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);

    for (; start < end; start++) {
        hash = (hash ^ PyUnicode_READ(kind, data, start)) * PRIME;
    }
    return hash;
}

static uint64_t
hashed_all(uint64_t hash, PyObject *text)
{
    return hashed(hash, text, 0, PyUnicode_GET_LENGTH(text));
}

/* The value of the key of a hash, or -1. */
static int
value_of(const Table *table, uint64_t hash)
{
    uint32_t mark;
    size_t step;

    hash = (hash ^ hash >> 32) * MIXING;
    mark = (uint32_t)hash | 1;
    for (step = 0; step <= table->mask; step++) {
        size_t at = ((hash >> 32) + step) & table->mask;
        const unsigned char *here = table->marks + MARK_BYTES * at;
        uint32_t found = here[0] | here[1] << 8 | here[2] << 16 | (uint32_t)here[3] << 24;
        if (found == mark) {
            return table->values[at];
        }
        if (found == 0) {
            break;
        }
    }
    return -1;
}

/* Signs that an item of words may start and end with, as characters.ITEM has them, and what ends a
   word; signs of letters that don't join to the next. */
static const Py_UCS2 OPENING[] = {0x00AB, 0x0028, 0};  /* «( */
static const Py_UCS2 STOPS[] = {0x002D, 0x002E, 0x060C, 0x061B, 0x003A, 0x061F, 0x0021, 0};  /* -.،؛:؟! */
static const Py_UCS2 CLOSING[] = {0x00BB, 0x0029, 0};  /* ») */
static const Py_UCS2 LAST_STOPS[] = {0x002E, 0x060C, 0x061B, 0x003A, 0x061F, 0x0021, 0};  /* .،؛:؟! */
static const Py_UCS2 WORD_ENDS[] = {0x200C, 0x002D, 0x002E, 0x060C, 0x061B, 0x003A, 0x061F,
                                    0x0021, 0x00BB, 0x0029, 0};  /* ZWNJ -.،؛:؟!») */
static const Py_UCS2 NON_JOINING[] = {0x0627, 0x0622, 0x062F, 0x0630, 0x0631, 0x0632, 0x0698, 0x0648,
                                      0x0621, 0};  /* اآدذرزژوء */
static const Py_UCS4 ZWNJ = 0x200C;

static int
is_one_of(PyObject *text, Py_ssize_t at, const Py_UCS2 *signs)
{
    Py_UCS4 sign = at < PyUnicode_GET_LENGTH(text) ? PyUnicode_READ_CHAR(text, at) : 0;

    while (*signs && *signs != sign) {
        signs++;
    }
    return *signs != 0;
}

static Py_ssize_t
end_of_word(PyObject *text, Py_ssize_t at)
{
    while (at < PyUnicode_GET_LENGTH(text) && !is_one_of(text, at, WORD_ENDS)) {
        at++;
    }
    return at;
}

/* Where the marks that may close an item end. */
static Py_ssize_t
end_of_closing(PyObject *text, Py_ssize_t at)
{
    if (is_one_of(text, at, STOPS)) {
        int dots = 0;
        while (dots < 3 && at + dots < PyUnicode_GET_LENGTH(text)
               && PyUnicode_READ_CHAR(text, at + dots) == '.') {
            dots++;
        }
        at += dots == 3 ? 3 : 1;
    }
    at += is_one_of(text, at, CLOSING);
    return at + is_one_of(text, at, LAST_STOPS);
}

/* Whether a half-space may stand between a settled word and another, as far as the table tells. */
static int
may_part(PyObject *text, Py_ssize_t end, uint64_t head, Py_ssize_t tail_end, const Table *pairs,
         int least)
{
    int value;

    if (is_one_of(text, end - 1, NON_JOINING)) {
        return PyUnicode_READ_CHAR(text, end - 1) == PyUnicode_READ_CHAR(text, end + 1);
    }
    value = value_of(pairs, hashed((head ^ ' ') * PRIME, text, end + 1, tail_end));
    return value < 0 || value >= least;
}

/* The values of settled words are how readily half-spaces stand before and behind them; with whether
   one is kept, they number the classes of common items. */
enum { OPENS = 3, CLOSES = 12, KEEPS = 16 };

/* What C knows by itself: the tables, what their values stand for, how what is known of an item is
   made. */
typedef struct {
    Py_buffer of_settled, of_pairs;
    Table settled, pairs;
    int least_kept;
    PyObject *odds, *codes, *type;
} Tables;

static const char TABLES[] = "pnews.normalize._quick.tables";

static void
forget_tables(PyObject *capsule)
{
    Tables *tables = PyCapsule_GetPointer(capsule, TABLES);

    PyBuffer_Release(&tables->of_settled);
    PyBuffer_Release(&tables->of_pairs);
    Py_DECREF(tables->odds);
    Py_DECREF(tables->codes);
    Py_DECREF(tables->type);
    PyMem_Free(tables);
}

PyDoc_STRVAR(tables_doc,
"tables(settled, pairs, least, odds, codes, type, /)\n--\n\n"
"What C is to know by itself: the tables of settled words and of pairs, the least value of a pair\n"
"that may keep a half-space, the log-odds of values, the codes and the type of common items.");

static PyObject *
tables(PyObject *module, PyObject *args)
{
    Tables *made = PyMem_Calloc(1, sizeof(Tables));
    PyObject *found;

    (void)module;
    if (made == NULL) {
        return PyErr_NoMemory();
    }
    if (!PyArg_ParseTuple(args, "y*y*iO!O!O!:tables", &made->of_settled, &made->of_pairs,
                          &made->least_kept, &PyTuple_Type, &made->odds, &PyTuple_Type,
                          &made->codes, &PyType_Type, &made->type)) {
        PyMem_Free(made);  /* what was parsed is released */
        return NULL;
    }
    Py_INCREF(made->odds);
    Py_INCREF(made->codes);
    Py_INCREF(made->type);
    found = PyCapsule_New(made, TABLES, forget_tables);
    if (found == NULL) {
        PyMem_Free(made);
    }
    else if (!is_table(&made->of_settled, &made->settled)
        || !is_table(&made->of_pairs, &made->pairs)) {
        Py_CLEAR(found);
    }
    else if (PyTuple_GET_SIZE(made->odds) != VALUES || PyTuple_GET_SIZE(made->codes) != 2 * KEEPS
             || !PyType_IsSubtype((PyTypeObject *)made->type, &PyTuple_Type)) {
        PyErr_SetString(PyExc_ValueError, "there are 256 odds, 32 codes and a named tuple");
        Py_CLEAR(found);
    }
    return found;
}

/* What is known of an item of a word, or of two if they don't start at one place. */
static PyObject *
item_of(const Tables *tables, int code, PyObject *text, Py_ssize_t start, Py_ssize_t end,
        Py_ssize_t tail, Py_ssize_t tail_end, int is_closed)
{
    PyObject *word = PyUnicode_Substring(text, start, end), *empty = PyUnicode_New(0, 0);
    PyObject *last, *values = NULL, *arguments = NULL, *found = NULL;

    last = tail == start ? Py_XNewRef(word) : PyUnicode_Substring(text, tail, tail_end);
    if (word != NULL && last != NULL && empty != NULL) {
        values = Py_BuildValue(tail == start ? "(OOOO()())" : "(OOOO()((OO)))",
                               PyTuple_GET_ITEM(tables->codes, code), text, start ? empty : word,
                               is_closed ? empty : last, word, last);
        arguments = values == NULL ? NULL : PyTuple_Pack(1, values);
    }
    if (arguments != NULL) {
        found = PyTuple_Type.tp_new((PyTypeObject *)tables->type, arguments, NULL);
    }
    Py_XDECREF(arguments);
    Py_XDECREF(values);
    Py_XDECREF(empty);
    Py_XDECREF(last);
    Py_XDECREF(word);
    return found;
}

/* What gaps.ITEMS knows of an item of one settled word, or of two that a half-space may part. NULL of
   all others, and with an error. */
static PyObject *
common_item(const Tables *tables, PyObject *text)
{
    Py_ssize_t start = is_one_of(text, 0, OPENING), end = end_of_word(text, start);
    Py_ssize_t tail = start, tail_end = end, closed;
    uint64_t hash = hashed(BASIS, text, start, end);
    int code = end == start ? -1 : value_of(&tables->settled, hash), other;

    if (code >= 0 && end < PyUnicode_GET_LENGTH(text) && PyUnicode_READ_CHAR(text, end) == ZWNJ) {
        tail = end + 1;
        tail_end = end_of_word(text, tail);
        other = value_of(&tables->settled, hashed(BASIS, text, tail, tail_end));
        code = other < 0 || tail_end == tail
                       || !may_part(text, end, hash, tail_end, &tables->pairs, tables->least_kept)
                   ? -1
                   : (code & CLOSES) | (other & OPENS) | KEEPS;
    }
    closed = end_of_closing(text, tail_end);
    if (code < 0 || closed < PyUnicode_GET_LENGTH(text)) {
        return NULL;
    }
    code &= ~(start ? CLOSES : 0) & ~(closed > tail_end ? OPENS : 0);
    return item_of(tables, code & (2 * KEEPS - 1), text, start, end, tail, tail_end,
                   closed > tail_end);
}

/* An item met before: how it is written, what is known of it, its class. Most items of a text are of
   few names, which so stay close to the processor; those of a memo lie all over the memory. */
enum { MOST_SIGNS = 13, MOST_MET = 1 << 14 };

typedef struct {
    PyObject *known;  /* NULL where none was met */
    Py_UCS4 class;
    Py_UCS2 length, signs[MOST_SIGNS];
} Met;

/* What `apart` keeps from text to text for a memo: the tables that it need not be asked about, or
   NULL, how many the memo may remember, the items met. */
typedef struct {
    PyObject *capsule;
    const Tables *tables;
    Py_ssize_t most;
    Met met[MOST_MET];
} Kept;

static const char KEPT[] = "pnews.normalize._quick.kept";

static void
forget_all(PyObject *capsule)
{
    Kept *kept = PyCapsule_GetPointer(capsule, KEPT);
    size_t at;

    for (at = 0; at < MOST_MET; at++) {
        Py_XDECREF(kept->met[at].known);
    }
    Py_XDECREF(kept->capsule);
    PyMem_Free(kept);
}

PyDoc_STRVAR(kept_doc,
"kept(tables, most, /)\n--\n\n"
"What `apart` keeps for a memo that remembers so many; `tables` may be None.");

static PyObject *
kept(PyObject *module, PyObject *args)
{
    PyObject *capsule, *found;
    Kept *made;
    Py_ssize_t most;

    (void)module;
    if (!PyArg_ParseTuple(args, "On:kept", &capsule, &most)) {
        return NULL;
    }
    made = PyMem_Calloc(1, sizeof(Kept));
    if (made == NULL) {
        return PyErr_NoMemory();
    }
    if (capsule != Py_None) {
        made->tables = PyCapsule_GetPointer(capsule, TABLES);
        made->capsule = Py_NewRef(capsule);
    }
    made->most = most;
    found = PyCapsule_New(made, KEPT, forget_all);
    if (found == NULL) {
        PyMem_Free(made);
    }
    else if (made->tables == NULL && capsule != Py_None) {
        Py_CLEAR(found);
    }
    return found;
}

/* A text that is being taken apart. */
typedef struct {
    PyObject *text, *memo, *known;
    Py_ssize_t number;
    Py_UCS4 *classes;
    Kept *kept;
} Apart;

/* Whether the item at a place is the one met. */
static inline int
is_met(const Met *met, int kind, const void *data, Py_ssize_t start, Py_ssize_t length)
{
    Py_ssize_t at;

    if (met->known == NULL || met->length != length) {
        return 0;
    }
    for (at = 0; at < length; at++) {
        if (PyUnicode_READ(kind, data, start + at) != met->signs[at]) {
            return 0;
        }
    }
    return 1;
}

/* Remembers an item, unless it is long or holds signs beyond the first plane. */
static void
remember(Met *met, PyObject *item, PyObject *known, Py_UCS4 class)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(item), at;
    PyObject *before = met->known;

    if (length > MOST_SIGNS || PyUnicode_MAX_CHAR_VALUE(item) > 0xFFFF) {
        return;
    }
    for (at = 0; at < length; at++) {
        met->signs[at] = (Py_UCS2)PyUnicode_READ_CHAR(item, at);
    }
    met->known = Py_NewRef(known);
    met->class = class;
    met->length = (Py_UCS2)length;
    Py_XDECREF(before);
}

/* What is known of an item: what the memo remembers, the tables tell or the memo finds out. */
static PyObject *
known_of(const Apart *work, PyObject *item)
{
    PyObject *known;

    if (work->kept->tables == NULL || !PyDict_Check(work->memo)) {
        return look_up(work->memo, item);
    }
    known = PyDict_GetItemWithError(work->memo, item);
    if (known != NULL || PyErr_Occurred()) {
        return Py_XNewRef(known);
    }
    known = common_item(work->kept->tables, item);
    if (known == NULL) {
        return PyErr_Occurred() ? NULL : PyObject_GetItem(work->memo, item);
    }
    if (PyDict_GET_SIZE(work->memo) >= work->kept->most) {
        PyDict_Clear(work->memo);
    }
    if (PyDict_SetItem(work->memo, item, known) < 0) {
        Py_CLEAR(known);
    }
    return known;
}

/* Adds what is known of the item from start to end; -1 with an error. */
static int
add_asked(Apart *work, Py_ssize_t start, Py_ssize_t end, Met *met)
{
    PyObject *item = PyUnicode_Substring(work->text, start, end), *known, *code;
    Py_UCS4 class;

    known = item == NULL ? NULL : known_of(work, item);
    code = known == NULL ? NULL : field(known, CODE);
    if (code != NULL && PyUnicode_GET_LENGTH(code) != 1) {
        PyErr_SetString(PyExc_ValueError, "the class of an item must be one character");
        code = NULL;
    }
    if (code == NULL || field(known, TEXT) == NULL) {
        Py_XDECREF(known);
        Py_XDECREF(item);
        return -1;
    }
    class = PyUnicode_READ_CHAR(code, 0);
    remember(met, item, known, class);
    Py_DECREF(item);
    work->classes[work->number] = class;
    PyList_SET_ITEM(work->known, work->number++, known);
    return 0;
}

/* Adds the item from start to end. */
static inline int
add_item(Apart *work, int kind, const void *data, Py_ssize_t start, Py_ssize_t end, size_t hash)
{
    Met *met = &work->kept->met[(hash ^ hash >> 15) & (MOST_MET - 1)];

    if (!is_met(met, kind, data, start, end - start)) {
        return add_asked(work, start, end, met);
    }
    work->classes[work->number] = met->class;
    PyList_SET_ITEM(work->known, work->number++, Py_NewRef(met->known));
    return 0;
}

/* Adds all items; a function of its own for each width of signs, which the compiler makes of it. */
static inline int
add_items(Apart *work, int kind)
{
    const void *data = PyUnicode_DATA(work->text);
    Py_ssize_t length = PyUnicode_GET_LENGTH(work->text), start = 0, at;
    size_t hash = 0;

    for (at = 0; at <= length; at++) {
        Py_UCS4 sign = at < length ? PyUnicode_READ(kind, data, at) : ' ';
        if (sign != ' ' && sign != LINE_END) {
            hash = (hash ^ sign) * 0x01000193;  /* Fowler, Noll and Vo */
            continue;
        }
        if (add_item(work, kind, data, start, at, hash) < 0
            || (sign == LINE_END && add_item(work, kind, data, at, at + 1, LINE_END) < 0)) {
            return -1;
        }
        start = at + 1;
        hash = 0;
    }
    return 0;
}

static Py_ssize_t
number_of_items(PyObject *text)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t at, number = 1;

    for (at = 0; at < PyUnicode_GET_LENGTH(text); at++) {
        Py_UCS4 sign = PyUnicode_READ(kind, data, at);
        number += (sign == ' ') + 2 * (sign == LINE_END);
    }
    return number;
}

PyDoc_STRVAR(apart_doc,
"apart(text, know, kept, /)\n--\n\n"
"A text taken apart at spaces and ends of lines: what `know` has of each item, and the classes.");

static PyObject *
apart(PyObject *module, PyObject *args)
{
    Apart work = {0};
    PyObject *capsule, *found = NULL;
    Py_ssize_t number;
    int failed;

    (void)module;
    if (!PyArg_ParseTuple(args, "UOO:apart", &work.text, &work.memo, &capsule)) {
        return NULL;
    }
    work.kept = PyCapsule_GetPointer(capsule, KEPT);
    if (work.kept == NULL) {
        return NULL;
    }
    number = number_of_items(work.text);
    work.known = PyList_New(number);
    work.classes = PyMem_New(Py_UCS4, number);
    if (work.known == NULL || work.classes == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    switch (PyUnicode_KIND(work.text)) {
    case PyUnicode_1BYTE_KIND:
        failed = add_items(&work, PyUnicode_1BYTE_KIND);
        break;
    case PyUnicode_2BYTE_KIND:
        failed = add_items(&work, PyUnicode_2BYTE_KIND);
        break;
    default:
        failed = add_items(&work, PyUnicode_4BYTE_KIND);
    }
    if (!failed) {
        found = Py_BuildValue(
            "(ON)", work.known,
            PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, work.classes, number));
    }
done:
    Py_XDECREF(work.known);
    PyMem_Free(work.classes);
    return found;
}

/* A text that grows. */
typedef struct {
    Py_UCS4 *signs;
    Py_ssize_t length, room;
} Grown;

/* Adds an item, a space before it where `apart` says so; -1 with an error. */
static int
grow(Grown *text, PyObject *item, int apart)
{
    int kind = PyUnicode_KIND(item);
    const void *data = PyUnicode_DATA(item);
    Py_ssize_t length = PyUnicode_GET_LENGTH(item), at;

    if (text->room - text->length <= length) {
        Py_ssize_t room = text->room + length + text->room / 2 + 64;
        Py_UCS4 *signs = PyMem_Realloc(text->signs, (size_t)room * sizeof(Py_UCS4));
        if (signs == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        text->signs = signs;
        text->room = room;
    }
    if (apart) {
        text->signs[text->length++] = ' ';
    }
    for (at = 0; at < length; at++) {
        text->signs[text->length++] = PyUnicode_READ(kind, data, at);
    }
    return 0;
}

PyDoc_STRVAR(joined_doc,
"joined(known, /)\n--\n\n"
"The text of items: a space between two, none beside an end of line, which stands between items.");

static PyObject *
joined(PyObject *module, PyObject *known)
{
    PyObject *found = NULL;
    Py_ssize_t number;
    Grown text = {0};
    int is_end, was_end = 1;

    (void)module;
    if (!PyList_CheckExact(known)) {
        PyErr_SetString(PyExc_TypeError, "joined() takes a list");
        return NULL;
    }
    for (number = 0; number < PyList_GET_SIZE(known); number++) {  /* nothing here runs Python */
        PyObject *item = field(PyList_GET_ITEM(known, number), TEXT);
        if (item == NULL) {
            goto done;
        }
        is_end = PyUnicode_GET_LENGTH(item) == 1 && PyUnicode_READ_CHAR(item, 0) == LINE_END;
        if (grow(&text, item, !is_end && !was_end) < 0) {
            goto done;
        }
        was_end = is_end;
    }
    found = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text.signs, text.length);
done:
    PyMem_Free(text.signs);
    return found;
}

/* Two pieces with a space between, as PAIRS has them. */
static PyObject *
with_space(PyObject *head, PyObject *tail)
{
    Py_ssize_t before = PyUnicode_GET_LENGTH(head), behind = PyUnicode_GET_LENGTH(tail);
    Py_UCS4 one = PyUnicode_MAX_CHAR_VALUE(head), other = PyUnicode_MAX_CHAR_VALUE(tail);
    PyObject *both = PyUnicode_New(before + 1 + behind, one > other ? one : other);

    if (both == NULL) {
        return NULL;
    }
    PyUnicode_WRITE(PyUnicode_KIND(both), PyUnicode_DATA(both), before, ' ');
    if (PyUnicode_CopyCharacters(both, 0, head, 0, before) < 0
        || PyUnicode_CopyCharacters(both, before + 1, tail, 0, behind) < 0) {
        Py_CLEAR(both);
    }
    return both;
}

/* The pair with its log-odds, as the table has it, or None where these are not above the least; what
   `pairs` says of it, if it is asked about and not in the table. A new reference, or NULL with an
   error. */
static PyObject *
pair_of(const Tables *tables, PyObject *pairs, PyObject *head, PyObject *tail, double least, int ask)
{
    PyObject *odds, *pair, *both, *found = NULL;
    uint64_t hash = (hashed_all(BASIS, head) ^ ' ') * PRIME;
    int value = value_of(&tables->pairs, hashed_all(hash, tail));

    if (value < 0 && ask) {
        both = with_space(head, tail);
        found = both == NULL ? NULL : look_up(pairs, both);
        Py_XDECREF(both);
        return found;
    }
    odds = value < 0 ? NULL : PyTuple_GET_ITEM(tables->odds, value);
    if (odds == NULL || !(PyFloat_AsDouble(odds) > least)) {
        return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    }
    pair = PyTuple_Pack(2, head, tail);
    if (pair != NULL) {
        found = PyTuple_Pack(2, pair, odds);
        Py_DECREF(pair);
    }
    return found;
}

/* Adds (number, found) to a list; takes the reference to what was found, NULL with an error. */
static int
add_numbered(PyObject *list, Py_ssize_t number, PyObject *found)
{
    PyObject *at = found == NULL ? NULL : PyLong_FromSsize_t(number), *both = NULL;
    int failed = -1;

    if (at != NULL) {
        both = PyTuple_Pack(2, at, found);
        Py_DECREF(at);
    }
    Py_XDECREF(found);
    if (both != NULL) {
        failed = PyList_Append(list, both);
        Py_DECREF(both);
    }
    return failed;
}

PyDoc_STRVAR(marked_doc,
"marked(known, marks, /)\n--\n\n"
"The items where a mark is not 0, each with its number.");

static PyObject *
marked(PyObject *module, PyObject *args)
{
    PyObject *known, *found = NULL;
    const char *marks;
    Py_ssize_t length, number;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!y#:marked", &PyList_Type, &known, &marks, &length)) {
        return NULL;
    }
    if (length != PyList_GET_SIZE(known)) {
        PyErr_SetString(PyExc_ValueError, "there must be one mark an item");
        return NULL;
    }
    found = PyList_New(0);
    for (number = 0; found != NULL && number < length; number++) {  /* nothing here runs Python */
        if (marks[number]
            && add_numbered(found, number, Py_NewRef(PyList_GET_ITEM(known, number))) < 0) {
            Py_CLEAR(found);
        }
    }
    return found;
}

PyDoc_STRVAR(spaced_doc,
"spaced(known, classes, before, behind, tables, pairs, least, /)\n--\n\n"
"The pairs of pieces between which a half-space may have been opened, each with the number of the\n"
"item before: those in the table and those that `pairs` knows of.");

static PyObject *
spaced(PyObject *module, PyObject *args)
{
    PyObject *known, *capsule, *pairs, *found;
    const unsigned char *classes, *before, *behind;
    Py_ssize_t length, of_before, of_behind, number;
    const Tables *tables;
    double least;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!y#y#y#OOd:spaced", &PyList_Type, &known, &classes, &length,
                          &before, &of_before, &behind, &of_behind, &capsule, &pairs, &least)) {
        return NULL;
    }
    tables = PyCapsule_GetPointer(capsule, TABLES);
    if (tables == NULL) {
        return NULL;
    }
    if (of_before != CLASSES || of_behind != CLASSES) {
        PyErr_SetString(PyExc_ValueError, "there are 256 classes");
        return NULL;
    }
    found = PyList_New(0);
    for (number = 0; found != NULL && number + 1 < length; number++) {
        int ways = before[classes[number]] & behind[classes[number + 1]];
        PyObject *one, *other, *head, *tail, *pair = NULL;
        if (!ways) {
            continue;
        }
        if (number + 1 >= PyList_GET_SIZE(known)) {  /* asked anew: what runs below could cut it */
            PyErr_SetString(PyExc_ValueError, "there are more classes than items");
            Py_CLEAR(found);
            break;
        }
        one = Py_NewRef(PyList_GET_ITEM(known, number));
        other = Py_NewRef(PyList_GET_ITEM(known, number + 1));
        head = field(one, LAST);
        tail = head == NULL ? NULL : field(other, FIRST);
        if (tail != NULL) {
            pair = pair_of(tables, pairs, head, tail, least, ways > 1);
        }
        Py_DECREF(one);
        Py_DECREF(other);
        if (pair == Py_None) {
            Py_DECREF(pair);
        }
        else if (add_numbered(found, number, pair) < 0) {
            Py_CLEAR(found);
        }
    }
    return found;
}

static PyMethodDef methods[] = {
    {"apart", apart, METH_VARARGS, apart_doc},
    {"kept", kept, METH_VARARGS, kept_doc},
    {"tables", tables, METH_VARARGS, tables_doc},
    {"joined", joined, METH_O, joined_doc},
    {"marked", marked, METH_VARARGS, marked_doc},
    {"spaced", spaced, METH_VARARGS, spaced_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef quick = {
    PyModuleDef_HEAD_INIT,
    .m_name = "pnews.normalize._quick",
    .m_doc = "The loops over each item of a text, in C; the Python beside their callers says what they do.",
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit__quick(void)
{
    return PyModuleDef_Init(&quick);
}
