// Checks a published folder with Go's own note and tlog packages, which share no line with Tepat.
//
// periksa FOLDER VKEY [OLD-CHECKPOINT]: exit 0 accepted, 1 rejected with a line that says why.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type folder struct {
	root string
	used map[string]bool
}

func (f folder) Height() int { return height }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// Go writes tile/8/L/N where the C2SP layout writes tile/L/N.
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		raw, err := os.ReadFile(filepath.Join(f.root, path))
		if err != nil {
			return nil, err
		}
		f.used[path] = true
		found = append(found, raw)
	}
	return found, nil
}

func fail(format string, parts ...interface{}) {
	fmt.Printf(format+"\n", parts...)
	os.Exit(1)
}

func open(file string, verifier note.Verifier) tlog.Tree {
	raw, err := os.ReadFile(file)
	if err != nil {
		fail("%v", err)
	}
	opened, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		fail("checkpoint: %v", err)
	}
	lines := strings.Split(opened.Text, "\n")
	var tree tlog.Tree
	if _, err := fmt.Sscanf(lines[1], "%d", &tree.N); err != nil {
		fail("size: %v", err)
	}
	if tree.Hash, err = tlog.ParseHash(lines[2]); err != nil {
		fail("root: %v", err)
	}
	if lines[0] != verifier.Name() {
		fail("origin: %s", lines[0])
	}
	return tree
}

// entries yields every entry's record hash, read from the bundles.
func entries(root string, size int64) []tlog.Hash {
	var hashes []tlog.Hash
	for first := int64(0); first < size; first += 1 << height {
		width := size - first
		if width > 1<<height {
			width = 1 << height
		}
		tile := tlog.Tile{H: height, L: 0, N: first >> height, W: int(width)}
		path := strings.TrimPrefix(tile.Path(), "tile/8/0/")
		raw, err := os.ReadFile(filepath.Join(root, "tile/entries", path))
		if err != nil {
			fail("%v", err)
		}
		for reader := bytes.NewReader(raw); reader.Len() > 0; {
			var length uint16
			if err := binary.Read(reader, binary.BigEndian, &length); err != nil {
				fail("bundle %d: %v", first, err)
			}
			entry := make([]byte, length)
			if n, _ := reader.Read(entry); n != int(length) {
				fail("bundle %d ends early", first)
			}
			hashes = append(hashes, tlog.RecordHash(entry))
		}
	}
	if int64(len(hashes)) != size {
		fail("%d entries instead of %d", len(hashes), size)
	}
	return hashes
}

func main() {
	verifier, err := note.NewVerifier(os.Args[2])
	if err != nil {
		fail("key: %v", err)
	}
	source := folder{os.Args[1], map[string]bool{}}
	tree := open(filepath.Join(source.root, "checkpoint"), verifier)
	reader := tlog.TileHashReader(tree, source)
	for index, hash := range entries(source.root, tree.N) {
		proof, err := tlog.ProveRecord(tree.N, int64(index), reader)
		if err != nil {
			fail("entry %d: %v", index, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), hash); err != nil {
			fail("entry %d: %v", index, err)
		}
	}
	if len(os.Args) > 3 {
		old := open(os.Args[3], verifier)
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		if err != nil {
			fail("consistency: %v", err)
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
			fail("consistency: %v", err)
		}
	}
	fmt.Printf("%d entries, %d tiles\n", tree.N, len(source.used))
}
